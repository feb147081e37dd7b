"""The manifests for Kubernetes: valid, and true to the command line, the settings and the names in Redis."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from worker.celery import LONG_QUEUE, QUEUE, hard_limit
from worker.cli import COMMANDS
from worker.commands.looking import status
from worker.flight import BATCH_FILES
from worker.keys import Keys
from worker.settings import Settings
from worker.web.guard import OPEN

ROOT = Path(__file__).parents[2] / "deploy" / "kubernetes"
FILES = sorted(ROOT.rglob("*.yaml"))
KUBERNETES = "1.34"  # the oldest release that gets fixes
PARENT_MB = 256  # what a worker's parent process and its shared pages may take, generously
UNITS = {"Ki": 1 / 1024, "Mi": 1, "Gi": 1024}

# What KEDA 2 knows of a ScaledObject (keda.sh/docs, "ScaledObject specification") and of its trigger for Redis lists.
SCALED_OBJECT = {
    *("scaleTargetRef", "pollingInterval", "cooldownPeriod", "initialCooldownPeriod", "idleReplicaCount"),
    *("minReplicaCount", "maxReplicaCount", "fallback", "advanced", "triggers"),
}
TRIGGER = {"type", "name", "metadata", "authenticationRef", "metricType", "useCachedMetrics"}
REDIS_LIST = {
    *("address", "host", "port", "username", "usernameFromEnv", "passwordFromEnv", "listName", "listLength"),
    *("activationListLength", "databaseIndex", "enableTLS", "unsafeSsl"),
}


def documents() -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in FILES:
        for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            yield path, document


ALL = list(documents())
MANIFESTS = [
    pytest.param(document, id=f"{path.relative_to(ROOT)}:{document['kind']}")
    for path, document in ALL
    if document["kind"] not in ("Kustomization", "Component", "ScaledObject")
]
(CONFIG,) = [document["data"] for _, document in ALL if document["kind"] == "ConfigMap"]
SETTINGS = Settings(**{name.removeprefix("COPYDESK_").lower(): value for name, value in CONFIG.items()})
(SCALED,) = [document for _, document in ALL if document["kind"] == "ScaledObject"]
PODS = {
    document["metadata"]["name"]: document["spec"]["template"]["spec"]
    for _, document in ALL
    if document["kind"] in ("Deployment", "StatefulSet")
}
OURS = {name: pod for name, pod in PODS.items() if pod["containers"][0]["image"] == "copydesk"}


def container(name: str) -> dict[str, Any]:
    (only,) = PODS[name]["containers"]
    return dict(only)


def megabytes(quantity: str) -> float:
    return float(quantity[:-2]) * UNITS[quantity[-2:]]


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_kubernetes_takes_it(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
    kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)
    assert "namespace" not in manifest["metadata"]


def test_keda_takes_the_scaled_object() -> None:
    assert SCALED["apiVersion"] == "keda.sh/v1alpha1"
    assert set(SCALED["spec"]) <= SCALED_OBJECT
    assert SCALED["spec"]["scaleTargetRef"]["name"] in PODS
    for trigger in SCALED["spec"]["triggers"]:
        assert set(trigger) <= TRIGGER
        assert trigger["type"] == "redis"
        assert set(trigger["metadata"]) <= REDIS_LIST
        assert {"address", "listName", "listLength"} <= set(trigger["metadata"])
        assert all(isinstance(value, str) for value in trigger["metadata"].values())


def test_every_file_belongs_to_a_kustomization_and_all_they_name_is_there() -> None:
    named = set()
    for path, document in ALL:
        if document["kind"] in ("Kustomization", "Component"):
            for other in document.get("resources", []) + document.get("components", []):
                found = (path.parent / other).resolve()
                assert found.is_file() or (found / "kustomization.yaml").is_file(), f"{path}: {other}"
                named.add(found)
    loose = [path for path in FILES if path.name != "kustomization.yaml" and path not in named]
    assert loose == []
    assert {path.parent for path in FILES if path.name != "kustomization.yaml"} == {path.parent for path in FILES} - {
        ROOT / "example"
    }


def test_workers_are_scaled_by_the_lists_that_the_watchers_fill() -> None:
    broker = Keys(SETTINGS.prefix).broker
    lists = [trigger["metadata"]["listName"] for trigger in SCALED["spec"]["triggers"]]
    assert lists == [broker + QUEUE, broker + LONG_QUEUE]


def test_the_queue_can_hold_enough_to_call_for_the_most_workers() -> None:
    """Where all are busy and the watcher's window leaves less over than is asked for each, no more are started."""
    batches = SETTINGS.max_in_flight / BATCH_FILES
    each = SETTINGS.concurrency + int(SCALED["spec"]["triggers"][0]["metadata"]["listLength"])
    assert SCALED["spec"]["maxReplicaCount"] * each <= batches


def test_every_setting_that_is_named_exists_and_says_what_it_may() -> None:
    named = set(re.findall(r"COPYDESK_\w+", "".join(path.read_text(encoding="utf-8") for path in FILES)))
    assert named <= {f"COPYDESK_{name.upper()}" for name in Settings.model_fields}
    assert {"COPYDESK_REDIS_URL", "COPYDESK_INBOX", "COPYDESK_CONCURRENCY"} <= named
    given = [variable for pod in OURS.values() for variable in pod["containers"][0].get("env", [])]
    given += [
        {"name": name, "value": value}
        for _, d in ALL
        if d["kind"] == "Secret"
        for name, value in d["stringData"].items()
    ]
    assert given
    Settings(**{variable["name"].removeprefix("COPYDESK_").lower(): variable["value"] for variable in given})


@pytest.mark.parametrize("name", OURS)
def test_what_is_run_is_a_command(name: str) -> None:
    assert container(name)["args"][0] in {command.name for command in COMMANDS}
    assert "command" not in container(name)  # the image's entry point is copydesk


@pytest.mark.parametrize(("name", "part"), [("copydesk-watcher", "watcher"), ("copydesk-worker", "worker")])
def test_health_is_what_the_part_says_of_itself(name: str, part: str) -> None:
    for probe in ("startupProbe", "livenessProbe"):
        command, subcommand, *options = container(name)[probe]["exec"]["command"]
        assert (command, subcommand, options) == ("copydesk", "status", ["--check", part])
        status.make_context("status", options)  # as the command line reads it


def test_the_web_servers_health_is_asked_for_where_no_token_is_needed() -> None:
    web = container("copydesk-web")
    (port,) = web["ports"]
    listen = {variable["name"]: variable["value"] for variable in web["env"]}["COPYDESK_LISTEN"]
    assert Settings(listen=listen).listens_on[1] == port["containerPort"]
    for probe in ("readinessProbe", "livenessProbe"):
        assert web[probe]["httpGet"]["path"] in OPEN
        assert web[probe]["httpGet"]["port"] == port["name"]


def test_a_worker_has_the_time_and_the_memory_that_its_settings_promise() -> None:
    assert PODS["copydesk-worker"]["terminationGracePeriodSeconds"] > hard_limit(SETTINGS)
    limit = megabytes(container("copydesk-worker")["resources"]["limits"]["memory"])
    assert limit >= SETTINGS.concurrency * SETTINGS.memory_limit_mb + PARENT_MB
    assert float(container("copydesk-worker")["resources"]["requests"]["cpu"]) == SETTINGS.concurrency


def test_a_watchers_bytes_fit_into_redis() -> None:
    assert SETTINGS.max_in_flight_bytes / 2**20 < megabytes(
        container("copydesk-redis")["resources"]["limits"]["memory"]
    )


def test_only_who_needs_the_inbox_sees_it() -> None:
    holders = {name for name, pod in PODS.items() if "copydesk-inbox" in str(pod.get("volumes"))}
    assert holders == {"copydesk-watcher", "copydesk-web"}


@pytest.mark.parametrize("name", PODS)
def test_nothing_runs_with_a_right_that_it_does_not_need(name: str) -> None:
    pod, context = PODS[name], container(name)["securityContext"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert context == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_selectors_find_their_pods() -> None:
    labels = [d["spec"]["template"]["metadata"]["labels"] for _, d in ALL if "template" in d.get("spec", {})]
    for _, document in ALL:
        selector = document.get("spec", {}).get("selector", {})
        wanted = selector.get("matchLabels", selector)
        assert not wanted or wanted in labels, document["metadata"]["name"]
