"""The OpenAPI document is valid, complete, and what the running server does."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.integration.conftest import Stack
from tests.integration.web import Web, publish
from worker import alive

MakeStack = Callable[..., Stack]
EXAMPLES = 25  # of each operation


@pytest.fixture
def web(make_stack: MakeStack) -> Iterator[Web]:
    web = Web(make_stack())
    publish(web.stack, range(3))
    for part in ("watcher", "worker"):
        alive.report(web.stack.client, web.stack.keys, part, {})
    yield web
    web.close()


def test_the_document_is_valid_and_tells_every_error_and_who_may_ask(web: Web) -> None:
    document = web.get("/openapi.json").json()
    validate(document)
    assert set(document["paths"]) == {
        "/v1/articles",
        "/v1/articles/{article}",
        "/v1/submissions/{submission}",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for operations in document["paths"].values():
        for operation in operations.values():
            assert "security" in operation
            for status, answer in operation["responses"].items():
                assert answer["description"]
                assert int(status) < 400 or list(answer["content"]) == ["application/problem+json"]


def test_the_server_does_what_the_document_says(web: Web) -> None:
    address = f"http://127.0.0.1:{web.port}"
    asked: set[tuple[str, int]] = set()
    with requests.Session() as session:

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(data=st.data())
        def ask(operation: Any, data: Any) -> None:
            case = data.draw(operation.as_strategy())
            with session.request(**case.as_transport_kwargs(base_url=address), stream=True, timeout=60) as answer:
                asked.add((operation.label, answer.status_code))
                if not answer.headers["content-type"].startswith("text/event-stream"):  # which has no end
                    # Which folders and bodies are taken is more than a schema can say.
                    excluded = [positive_data_acceptance] if operation.method == "post" else []
                    case.validate_response(Response.from_requests(answer, verify=False), excluded_checks=excluded)

        for result in schemathesis.openapi.from_url(f"{address}/openapi.json").get_all_operations():
            ask(result.ok())
    assert ("GET /v1/articles", 200) in asked
    assert {200, 202, 404, 422} <= {status for _, status in asked}
