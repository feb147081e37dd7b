"""The application: routes, guard, errors, and the OpenAPI document that tells them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from worker import __version__
from worker.web import articles, operations, problems
from worker.web.desk import Desk
from worker.web.guard import OPEN, Guard

ABOUT = (
    "Follow the articles that copydesk publishes, get one, send files. Without a token it answers this machine alone, "
    "and needs none."
)


def make_app(desk: Desk) -> FastAPI:
    """The application at a desk."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        reader = asyncio.create_task(desk.feed.run())
        yield
        desk.feed.close()
        reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reader

    app = FastAPI(
        title="copydesk",
        version=__version__,
        docs_url=None,  # their pages load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name.strip("_"),
    )
    app.state.desk = desk
    app.include_router(articles.router)
    app.include_router(operations.router)
    problems.install(app)
    app.add_middleware(Guard, desk=desk)
    app.openapi = lambda: _document(app, desk)  # type: ignore[method-assign]  # the way FastAPI documents
    return app


def _document(app: FastAPI, desk: Desk) -> dict[str, Any]:
    """The OpenAPI document, in which every error is a problem and every operation says whether it needs the token."""
    if app.openapi_schema is None:
        routes = [route for route in app.routes if isinstance(route, APIRoute)] or app.routes
        told = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=routes)
        schemas = told.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = problems.Problem.model_json_schema()
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        told["components"]["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "description": "COPYDESK_TOKEN of the server."}
        }
        for path, operations_ in told["paths"].items():
            for operation in operations_.values():
                _complete(operation, guarded=path not in OPEN, token=bool(desk.settings.token))
        app.openapi_schema = told
    return app.openapi_schema


def _complete(operation: dict[str, Any], *, guarded: bool, token: bool) -> None:
    """Add what holds for all: who may ask, and what every error looks like."""
    answers = operation["responses"]
    operation["security"] = [] if not guarded else [{"token": []}] if token else [{"token": []}, {}]
    if guarded:
        answers["401" if token else "403"] = {}
    answers["500"] = {}
    for status, answer in answers.items():
        if int(status) < 400:
            continue
        answer["description"] = problems.name_of(int(status))
        answer["content"] = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        headers = {"429": "Retry-After", "503": "Retry-After", "507": "Retry-After", "401": "WWW-Authenticate"}
        if status in headers:
            answer["headers"] = {headers[status]: {"schema": {"type": "string"}}}
