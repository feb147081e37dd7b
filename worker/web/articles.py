"""Following articles, getting one, sending files."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Path, Query, Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response, StreamingResponse

from schemas.article import Article, Reclassified
from worker.web.desk import AtDesk, Desk
from worker.web.drops import Upload, folder_parts, unique_name, wanted_name
from worker.web.feed import BEGINNING
from worker.web.problems import problem
from worker.web.records import newest
from worker.web.sse import Choice, id_of, messages
from worker.web.submissions import Submission, look_up, new_id, waiting

router = APIRouter(prefix="/v1")

TopicId = Annotated[str, Query(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
ENTRY = r"^([0-9]{1,19}(-[0-9]{1,19})?)?$"  # no number of so few digits is more than Redis takes
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
ANY_FILE = {"schema": {"type": "string", "format": "binary"}}
BODY = {
    "required": True,
    "description": "The file, in any format that the inbox takes, at most COPYDESK_MAX_FILE_BYTES; "
    "its type gives it an ending where no name does.",
    "content": {
        "application/json": {"schema": {"description": "An article: a plain object with a title and a text, or ninjs."}}
    }
    | dict.fromkeys(("text/plain", "text/html", "application/octet-stream"), ANY_FILE),
}
LOCATION = {"Location": {"description": "Where to ask what becomes of it.", "schema": {"type": "string"}}}


async def _place(desk: AtDesk) -> AsyncIterator[None]:
    """A client's place, held until its stream has ended, or was never begun."""
    if desk.feed.clients >= desk.limits.clients:
        raise problem(503, f"{desk.limits.clients} clients follow already; try again later", {"Retry-After": "30"})
    desk.feed.clients += 1  # before anything is awaited: others come meanwhile
    try:
        yield
    finally:
        desk.feed.clients -= 1


@router.get(
    "/articles",
    dependencies=[Depends(_place)],
    summary="Follow the stream of articles",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events without end. `id` is the entry's id, `event` the CloudEvents "
            "type, `data` a CloudEvent in JSON whose `data` is the record. An event `gap` says that entries may no "
            "longer be kept.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        422: {},
        503: {},
    },
)
async def follow(
    desk: AtDesk,
    topic: Annotated[list[TopicId], Query(description="Only articles that have, or had, one of these.")] = [],  # noqa: B006 - FastAPI copies it
    language: Annotated[str, Query(pattern="^([a-z]{2,3})?$", description="Only articles in this one.")] = "",
    begin: Annotated[
        Literal["", "beginning"], Query(alias="from", description="All that is kept, not only what is new.")
    ] = "",
    last_event_id: Annotated[str, Query(pattern=ENTRY, description="Go on behind this entry.")] = "",
    last_event_id_header: Annotated[
        str, Header(alias="Last-Event-ID", pattern=ENTRY, description="The same. It goes before the queries.")
    ] = "",
) -> Response:
    """Entries from now on, or behind the one named, as they come."""
    if after := last_event_id_header or last_event_id:
        cursor = id_of(after)
    else:
        cursor = BEGINNING if begin else await desk.feed.last()
    events = messages(desk.feed, cursor, Choice(frozenset(topic), language))
    return StreamingResponse(events, media_type="text/event-stream", headers=STREAM_HEADERS)


@router.get(
    "/articles/{article}",
    summary="Get the newest version of an article",
    response_model=Article | Reclassified,
    responses={404: {}, 422: {}, 503: {}},
)
def get(desk: AtDesk, article: Annotated[str, Path(min_length=1, max_length=200)]) -> Response:
    """The record, with the topics that it was given last."""
    found = newest(desk.client, desk.keys, article)
    if found.data:
        return Response(found.data, media_type="application/json")
    if found.again:
        raise problem(503, found.why, {"Retry-After": "10"})
    raise problem(404, found.why)


@router.post(
    "/articles",
    summary="Send a file with one or more articles",
    status_code=202,
    response_model=Submission,
    openapi_extra={"requestBody": BODY},
    responses={
        202: {"headers": LOCATION},
        **{status: {} for status in (400, 408, 409, 413, 415, 422, 429, 503, 507)},
    },
)
async def send(
    request: Request,
    desk: AtDesk,
    name: Annotated[str, Query(max_length=500, description="What the file is called.")] = "",
    folder: Annotated[str, Query(max_length=255, description="In which it is dropped, below the inbox.")] = "",
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
    content_disposition: Annotated[str, Header(description="Its filename names the file.")] = "",
) -> Response:
    """Drop it into the inbox; `Location` says where to ask what becomes of it."""
    if content_type.lower().startswith("multipart/form-data"):
        raise problem(415, "send the file itself as the body, as `curl --data-binary @FILE` does, not a form")
    try:
        parts = folder_parts(folder, desk.inbox)
    except ValueError as error:
        raise problem(422, f"folder: {error}") from error
    final = unique_name(wanted_name(name, content_disposition, content_type), desk.inbox)
    upload = await to_thread.run_sync(Upload.begin, desk.inbox, limiter=desk.uploads)
    try:
        await _receive(request, upload, desk)
        await to_thread.run_sync(upload.drop, parts, final, limiter=desk.uploads)
    except NotADirectoryError as error:
        raise problem(409, f"a file has the name of one of the folders in {folder}") from error
    except ClientDisconnect as error:
        raise problem(400, "the body broke off") from error
    finally:
        await to_thread.run_sync(upload.discard, limiter=desk.uploads)
    path = "/".join([*parts, final])
    accepted = waiting(new_id(path, datetime.now(UTC)), path)
    return Response(accepted.model_dump_json(), 202, {"Location": accepted.href}, "application/json")


async def _chunks(request: Request, desk: Desk) -> AsyncIterator[bytes]:
    """A body as it comes, unless it takes too long or the server is to end."""
    now = asyncio.get_running_loop().time
    end = now() + desk.limits.whole
    body = request.stream()
    try:
        while not desk.feed.closed:
            async with asyncio.timeout_at(min(end, now() + desk.limits.patience)) as waiting:
                desk.bodies.add(waiting)
                try:
                    chunk = await anext(body, None)
                finally:
                    desk.bodies.discard(waiting)
            if chunk is None:
                return
            yield chunk
    except TimeoutError as error:
        if not desk.feed.closed:
            why = f"did not come whole within {desk.limits.whole:g} s"
            if now() < end:
                why = f"stopped coming for {desk.limits.patience:g} s"
            raise problem(408, f"the body {why}") from error
    raise problem(503, "the server is being stopped; send the file again", {"Retry-After": "10"})


async def _receive(request: Request, upload: Upload, desk: Desk) -> None:
    """Write the body; what is too much is read to its end, within reason, so that the sender hears of it."""
    most = desk.settings.max_file_bytes
    length = request.headers.get("content-length", "0")
    too_large = not length.isdecimal() or int(length) > most
    read = 0
    async for chunk in _chunks(request, desk):
        read += len(chunk)
        too_large = too_large or read > most
        if read > 2 * most:
            break
        if chunk and not too_large:
            await to_thread.run_sync(upload.add, chunk, limiter=desk.uploads)
    if too_large:
        raise problem(413, f"at most {most:,} bytes are taken; split the file, or raise COPYDESK_MAX_FILE_BYTES")
    if not read:
        raise problem(400, "the body is empty; send the file as the body")


@router.get(
    "/submissions/{submission}",
    summary="Ask what became of a file that was sent",
    response_model=Submission,
    responses={404: {}, 422: {}, 503: {}},
)
def submission_(desk: AtDesk, submission: Annotated[str, Path(min_length=1, max_length=1000)]) -> Submission:
    """Waiting, in flight, or what became of its articles."""
    found = look_up(submission, desk)
    if found is None:
        raise problem(404, "no file was sent under this id, or it is not known any longer")
    return found
