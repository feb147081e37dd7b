"""For load balancers and monitors."""

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import PlainTextResponse

from worker.web import metrics
from worker.web.desk import AtDesk
from worker.web.problems import problem

router = APIRouter()


class Well(BaseModel):
    """All is well."""

    status: str = "ok"


@router.get("/healthz", summary="Whether this process answers")
async def healthz() -> Well:
    """It does."""
    return Well()


@router.get("/readyz", summary="Whether the service makes progress", responses={503: {}})
async def readyz(desk: AtDesk) -> Well:
    """Redis answers, a watcher and a worker report and are not stuck, and no file has waited for long."""
    if problems := (await desk.health.look()).problems:
        raise problem(503, "; ".join(problems), {"Retry-After": "5"})
    return Well()


@router.get(
    "/metrics",
    summary="Counts for Prometheus",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def measured(desk: AtDesk) -> PlainTextResponse:
    """Files, entries, consumer groups, clients, requests."""
    return PlainTextResponse(await metrics.page(desk), media_type=metrics.MEDIA_TYPE)
