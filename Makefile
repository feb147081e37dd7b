# Each target makes the environment it needs. PYTHON may name another interpreter (3.11 or newer).
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
BENCH := $(VENV)/.bench
COPYDESK_DATA ?= ../shared/data

.PHONY: help up test quality train hostile fuzz scale bench bench-quick chaos chaos-short lint lock schemas clean

help:          ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## ?/\t/' | expand -t 14

up: $(INSTALLED)  ## run the service here: make the environment, install, start everything
	@$(BIN)/copydesk up

test: $(INSTALLED)  ## unit, contract and integration tests; they need nothing but the project
	$(BIN)/python -m pytest --numprocesses 3

quality: $(INSTALLED)  ## accuracy floors; COPYDESK_DATA names the folder with the data
	COPYDESK_DATA=$(COPYDESK_DATA) $(BIN)/python -m pytest tests/quality

train: $(INSTALLED)  ## train the shipped models on COPYDESK_DATA, with what they reach; some minutes
	$(BIN)/python -m training.body $(COPYDESK_DATA)
	$(BIN)/python -m training.topics $(COPYDESK_DATA)
	$(BIN)/python -m training.language

scale: $(INSTALLED)  ## a hundred thousand files at once: memory and time per file; takes many minutes
	$(BIN)/python -m pytest tests/scale

bench: $(BENCH)  ## measure everything beside the floor and the peers: docs/performance.md; takes an hour
	COPYDESK_DATA=$(COPYDESK_DATA) $(BIN)/python -m benchmarks

bench-quick: $(BENCH)  ## whether every measurement works, in two minutes; keeps no figures
	COPYDESK_DATA=$(COPYDESK_DATA) $(BIN)/python -m benchmarks --quick

chaos: $(INSTALLED)  ## seeded faults against real processes: 50,000 files, 1,050 SIGKILLs; Linux
	$(BIN)/python -m tests.chaos --rounds 25 --files 2000 --kills 42

chaos-short: $(INSTALLED)  ## the same, one round: 2,000 files, 50 SIGKILLs
	$(BIN)/python -m tests.chaos --seed 7 --files 2000 --kills 50

hostile: $(INSTALLED)  ## every hostile file, each in a process of its own, with its time and memory
	$(BIN)/python -m tests.hostile

fuzz: $(INSTALLED)  ## properties on many thousand new examples; see tests/hostile/fuzz.py for atheris
	$(BIN)/python -m pytest tests/hostile/test_properties.py --hypothesis-profile=fuzz --timeout=0

lint: $(INSTALLED)  ## format, lint, types, import contracts, generated files, the contract's word
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m schemas.generate --check
	$(BIN)/python -m schemas.compatibility

schemas: $(INSTALLED)  ## generate JSON Schema and AsyncAPI from the models
	$(BIN)/python -m schemas.generate

$(INSTALLED): pyproject.toml requirements.lock examples/node/package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "copydesk needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[worker,formats,train,otel,web,dev]'
	PATH="$(abspath $(BIN)):$$PATH" npm ci --silent --no-audit --no-fund --prefix examples/node
	@touch $@

$(BENCH): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[worker,bench]'
	@touch $@

lock:          ## pin the newest versions that the bounds allow (needs uv)
	uv pip compile --quiet --universal --no-header --no-annotate --no-emit-index-url --upgrade \
	    --extra worker --extra formats --extra dev --extra train --extra otel --extra web --extra bench pyproject.toml --output-file requirements.lock

clean:         ## remove the environment and what tools left behind
	rm -rf $(VENV) .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache build *.egg-info
