"""A streamed answer: keep-alives, chunks, and errors that come too late for a status."""

import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any

import anyio
from starlette.types import Send

from ocr_app.api.completion import ChunkWriter
from ocr_app.api.context import Service
from ocr_app.api.dispatch import Groups
from ocr_app.api.document_reading import read_documents
from ocr_app.api.engine_client import EngineFailed, EngineGone
from ocr_app.api.errors import ApiError, internal_error
from ocr_app.api.metrics import outcome_of
from ocr_app.api.parser import ParsedRequest
from ocr_app.api.sse import DONE, KEEP_ALIVE, SseWriter, event
from ocr_app.engine.coalesce import close
from ocr_app.engine.types import Done, EngineEvent, RequestError

log = logging.getLogger("ocr_app.api")


async def stream_answer(service: Service, parsed: ParsedRequest, send: Send, fields: dict[str, Any]) -> None:
    """Send an engine's answer as it comes.

    The status waits for the first text or the first keep-alive, whichever is earlier, so that most errors still get
    a status of their own. Later ones come as an event with OpenAI's error object, which its clients raise.

    Args:
        service: The running service.
        parsed: The request.
        send: The ASGI callable.
        fields: The request's log line; `stream_outcome` tells how a stream that had begun ended.
    """
    answer = _answer if parsed.documents is None else _documents
    await streamed(send, fields, lambda writer: answer(service, parsed, writer, fields))


async def streamed(
    send: Send, fields: dict[str, Any], answer: Callable[[SseWriter], Coroutine[Any, Any, None]]
) -> None:
    """Send events; an error is raised before the first of them, and is an event after it.

    Args:
        send: The ASGI callable.
        fields: As above.
        answer: Writes the events, the last one too.
    """
    writer = SseWriter(send)
    try:
        await answer(writer)
    except (ApiError, RequestError) as error:
        if not writer.started:
            raise
        await _fail(writer, error if isinstance(error, ApiError) else ApiError.from_request_error(error), fields)
    except Exception:
        if not writer.started:
            raise
        log.exception("unexpected error in a stream", extra={"fields": {"request_id": fields.get("request_id")}})
        await _fail(writer, internal_error(), fields)


async def _answer(service: Service, parsed: ParsedRequest, writer: SseWriter, fields: dict[str, Any]) -> None:
    started = time.monotonic()
    chunks = ChunkWriter(parsed.engine.id, service.settings.model_id, parsed.include_usage, parsed.ignored)
    group, groups = await service.dispatcher.open(parsed.engine, lambda: writer.write(KEEP_ALIVE))
    service.metrics.first_token.observe(time.monotonic() - started)
    try:
        with anyio.move_on_after(service.settings.queue.request_timeout_s) as scope:
            done = await _relay(group, groups, chunks, writer)
        if scope.cancelled_caught:
            raise ApiError(
                504, f"The answer took longer than {service.settings.queue.request_timeout_s:g} s.", code="timeout"
            )
    finally:
        await close(groups)
    fields["completion_tokens"] = done.usage.completion_tokens
    service.metrics.succeeded(len(parsed.engine.pictures), done.usage, time.monotonic() - started)


async def _documents(service: Service, parsed: ParsedRequest, writer: SseWriter, fields: dict[str, Any]) -> None:
    started = time.monotonic()
    chunks = ChunkWriter(parsed.engine.id, service.settings.model_id, parsed.include_usage, parsed.ignored)
    events = read_documents(service, parsed, fields, lambda: writer.write(KEEP_ALIVE))
    first = True
    try:
        async for event in events:
            if first:
                service.metrics.first_token.observe(time.monotonic() - started)
                first = False
            last = isinstance(event, Done)
            await writer.write(chunks.chunks([event]) + (DONE if last else b""), last=last)
    finally:
        await close(events)


async def _relay(group: list[EngineEvent], groups: Groups, chunks: ChunkWriter, writer: SseWriter) -> Done:
    try:
        while not isinstance(group[-1], Done):
            await writer.write(chunks.chunks(group))
            group = await groups.__anext__()
    except (EngineGone, EngineFailed, StopAsyncIteration):
        # Text has reached the client: another replica's answer need not go on where this one stopped.
        raise ApiError(
            503, "The engine died in the middle of the answer; send the request again.", code="engine_died"
        ) from None
    await writer.write(chunks.chunks(group) + DONE, last=True)
    return group[-1]


async def _fail(writer: SseWriter, error: ApiError, fields: dict[str, Any]) -> None:
    fields["stream_outcome"] = outcome_of(error.status)
    fields["code"] = error.code
    await writer.write(event(error.body()) + DONE, last=True)
