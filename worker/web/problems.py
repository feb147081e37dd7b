"""What goes wrong, as problem details (RFC 9457): one shape for every error, and never a stack trace."""

import errno
import http
import json
from collections.abc import Mapping
from typing import Any

import redis
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from worker.errors import Unavailable
from worker.logs import get_logger

log = get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
FULL = {errno.ENOSPC, errno.EDQUOT}


class Problem(BaseModel):
    """Why a request was not answered as it was meant."""

    type: str = Field("about:blank", description="The status says all there is to say about the kind of problem.")
    title: str = Field(description="The name of the status.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong and what to do, for people.")


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> HTTPException:
    """The error to raise."""
    return HTTPException(status, detail, dict(headers or {}))


def response(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """The same as an answer."""
    told = {"type": "about:blank", "title": name_of(status), "status": status, "detail": detail}
    return Response(json.dumps(told), status, headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Have every error of an application answered so."""
    app.add_exception_handler(HTTPException, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    for kind in (redis.RedisError, Unavailable, OSError):
        app.add_exception_handler(kind, _unavailable)
    app.add_exception_handler(Exception, _bug)


async def _known(_request: Request, error: Any) -> Response:
    detail = error.detail
    if detail == name_of(error.status_code):  # the framework's own
        detail = {404: "nothing is there; /openapi.json lists what is", 405: "not with this method"}.get(
            error.status_code, detail
        )
    return response(error.status_code, detail, error.headers)


async def _invalid(_request: Request, error: Any) -> Response:
    faults = (f"{' '.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
    return response(422, "; ".join(faults))


async def _unavailable(request: Request, error: Any) -> Response:
    """The world's fault; the client hears no address and no path."""
    log.warning("unavailable", method=request.method, path=request.scope["path"], detail=str(error))
    if isinstance(error, OSError) and error.errno in FULL:
        return response(507, "the disk of the inbox is full", {"Retry-After": "30"})
    what = "Redis" if isinstance(error, redis.RedisError) else "the inbox"
    return response(503, f"{what} cannot be used now; try again", {"Retry-After": "5"})


async def _bug(_request: Request, _error: Exception) -> Response:
    """The server's log has it."""
    return response(500, "this is a mistake of ours; the server's log says more")


def name_of(status: int) -> str:
    """What a status is called."""
    return http.HTTPStatus(status).phrase
