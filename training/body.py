"""Train the two models of the body, for pasted text and for web pages: ``python -m training.body DATA``.

DATA holds ``pages/*.jsonl.xz``. Prints F1 by cross-validation over domains, mean and spread, and writes the models
into the packages that use them. The same data and versions give the same bytes.
"""

import argparse
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from training.pages import Page, label_lines, read_pages, shingle_counts
from worker.cleaning import features as text_features
from worker.cleaning.likelihood import choose
from worker.cleaning.shape import mark_dashes, shape
from worker.cleaning.wrapping import unwrap
from worker.errors import Rejected
from worker.formats import html_body
from worker.formats.html_blocks import page_blocks
from worker.formats.html_metadata import read_metadata
from worker.formats.html_tree import parse
from worker.formats.text import line_blocks

ROOT = Path(__file__).parents[1]
FOLDS = 5
ROUNDS = 250
PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.1,
    "num_leaves": 8,
    "max_depth": 4,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,  # with more, the sums depend on how many
    "verbose": -1,
}
SEEDS = (1, 2)  # one model each, of which the mean is taken: what they get wrong by chance differs
PAGE_WEIGHT = 100.0


@dataclass(frozen=True, slots=True)
class Sample:
    """A page as rows."""

    name: str
    domain: str
    rows: NDArray[np.float32]
    texts: list[str]
    labels: NDArray[np.bool_]
    body: str

    @property
    def fold(self) -> int:
        """Which fold its domain is in."""
        return zlib.crc32(self.domain.encode()) % FOLDS

    @property
    def weights(self) -> NDArray[np.float64]:
        """What each line counts: by the root of its words, every page the same."""
        weights = np.sqrt([len(text.split()) + 1.0 for text in self.texts])
        return np.asarray(PAGE_WEIGHT * weights / weights.sum())


def text_samples(page: Page) -> Iterator[Sample]:
    """A page as it is pasted, and without its indentation, which most programs drop."""
    flat = "\n".join(map(str.strip, page.pasted.split("\n")))
    for text, name in ((page.pasted, page.name), (flat, page.name.replace(":", " without indentation:"))):
        lines = unwrap(mark_dashes([line for block in line_blocks(text) if (line := shape(block))]))
        texts = [line.text for line in lines]
        yield _sample(page, name, text_features.features(lines), texts)


def page_samples(page: Page) -> Iterator[Sample]:
    """A page as its mark-up."""
    tree = parse(page.html)
    if tree is not None:
        rows, lines = html_body.rows(page_blocks(tree), read_metadata(tree))
        yield _sample(page, page.name, rows, [line.text for line in lines])


def _sample(page: Page, name: str, rows: NDArray[np.float32], texts: list[str]) -> Sample:
    return Sample(name, page.domain, rows, texts, np.array(label_lines(texts, page.body)), page.body)


def train(samples: Sequence[Sample], names: Sequence[str]) -> list[Any]:
    """Boosters over all lines of these pages, one for each seed."""
    data = lightgbm.Dataset(
        np.vstack([sample.rows for sample in samples]),
        np.concatenate([sample.labels for sample in samples]),
        weight=np.concatenate([sample.weights for sample in samples]),
        feature_name=list(names),
    )
    return [lightgbm.train({**PARAMETERS, "seed": seed}, data, ROUNDS) for seed in SEEDS]


def cross_validate(samples: Sequence[Sample], names: Sequence[str]) -> list[NDArray[np.float64]]:
    """For each sample the likelihoods of its lines, by a model that saw no page of its domain."""
    found: dict[int, NDArray[np.float64]] = {}
    for fold in range(FOLDS):
        boosters = train([s for s in samples if s.fold != fold], names)
        found |= {index: likelihoods_of(boosters, s.rows) for index, s in enumerate(samples) if s.fold == fold}
    return [found[index] for index in range(len(samples))]


def likelihoods_of(boosters: Sequence[Any], rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """For each row, the likelihood at the mean of the log-odds."""
    odds = np.mean([booster.predict(rows, raw_score=True) for booster in boosters], axis=0)
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))


def counts_of(sample: Sample, likelihoods: NDArray[np.float64]) -> tuple[float, float, float]:
    """True, extra and missed shares of a page."""
    chosen = choose(likelihoods, [len(text.split()) for text in sample.texts])
    kept = "\n\n".join(text for text, is_body in zip(sample.texts, chosen.tolist(), strict=True) if is_body)
    return shingle_counts(sample.body, kept)


def f1(counts: Sequence[tuple[float, float, float]]) -> float:
    """F1 over the means of pages."""
    true, extra, missed = np.mean(counts, axis=0)
    return float(2 * true / (2 * true + extra + missed)) if true else 0.0


def measure(samples: Sequence[Sample], likelihoods: Sequence[NDArray[np.float64]]) -> dict[str, dict[str, float]]:
    """F1 of each file of pages, and its standard deviation over the folds."""
    result = {}
    for source in sorted({sample.name.partition(":")[0] for sample in samples}):
        own = [
            (s, counts_of(s, p)) for s, p in zip(samples, likelihoods, strict=True) if s.name.startswith(f"{source}:")
        ]
        folds = [f1([counts for sample, counts in own if sample.fold == fold]) for fold in range(FOLDS)]
        result[source] = {"f1": round(f1([counts for _, counts in own]), 4), "spread": round(float(np.std(folds)), 4)}
    return result


def stored(boosters: Sequence[Any], names: Sequence[str]) -> list[list[list[Any]]]:
    """The trees as ``worker.cleaning.trees`` reads them: their leaves count so that the sum is the mean."""
    trees = [tree for booster in boosters for tree in booster.dump_model()["tree_info"]]
    return [_nodes(tree["tree_structure"], names, len(boosters)) for tree in trees]


def _nodes(root: dict[str, Any], names: Sequence[str], count: int) -> list[list[Any]]:
    nodes: list[list[Any]] = []

    def add(node: dict[str, Any]) -> int:
        at = len(nodes)
        nodes.append([])
        if "leaf_value" in node:
            nodes[at] = [round(node["leaf_value"] / count, 6)]
        else:
            left, right = add(node["left_child"]), add(node["right_child"])
            nodes[at] = [names[node["split_feature"]], node["threshold"], left, right]
        return at

    add(root)
    return nodes


def build(name: str, samples: list[Sample], names: Sequence[str], target: Path, sources: dict[str, str]) -> None:
    """Measure, train on everything, write."""
    found = measure(samples, cross_validate(samples, names))
    print(f"{name}: {json.dumps(found)} · {len(samples)} samples", flush=True)  # noqa: T201 - a script
    boosters = train(samples, names)
    manifest = {
        "trained_by": f"python -m training.body, lightgbm {version('lightgbm')}",
        "data": sources,
        "parameters": {**PARAMETERS, "rounds": ROUNDS, "seeds": SEEDS},
        "cross_validation": {"folds": FOLDS, "by": "domain", **found},
    }
    trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in stored(boosters, names))
    head = json.dumps({**manifest, "features": list(names)}, indent=1)
    target.write_text(f'{head[:-2]},\n "trees": [\n{trees}\n]}}\n', encoding="utf-8")


def gather(pages: Sequence[Page], samples_of: Callable[[Page], Iterator[Sample]]) -> list[Sample]:
    """The samples of all pages that can be read."""
    samples = []
    for page in pages:
        try:
            samples += [sample for sample in samples_of(page) if sample.texts]
        except Rejected as error:
            print(f"{page.name}: {error}", flush=True)  # noqa: T201 - a script
    return samples


def main() -> None:
    """Train both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    data: Path = parser.parse_args().data / "pages"
    sources = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(data.glob("*.jsonl.xz"))}
    pages = list(read_pages(data))
    text = ROOT / "worker" / "cleaning" / "text_body.json"
    build("pasted text", gather(pages, text_samples), text_features.NAMES, text, sources)
    page = ROOT / "worker" / "formats" / "page_body.json"
    build("web pages", gather(pages, page_samples), html_body.NAMES, page, sources)


if __name__ == "__main__":
    main()
