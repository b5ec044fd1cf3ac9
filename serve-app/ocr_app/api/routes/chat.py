"""`POST /v1/chat/completions`."""

import asyncio
import time
from contextlib import ExitStack
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from ocr_app.api.body import read_body
from ocr_app.api.budget import Lease
from ocr_app.api.completion import completion_body
from ocr_app.api.context import Service, service_of
from ocr_app.api.disconnect import ClientGone, until_disconnect
from ocr_app.api.document_reading import read_documents
from ocr_app.api.engine_client import text_of
from ocr_app.api.errors import ApiError
from ocr_app.api.inflate import inflate, is_gzip
from ocr_app.api.metrics import outcome_of
from ocr_app.api.observe import log_fields
from ocr_app.api.openapi import CHAT_RESPONSES, REQUEST_BODY
from ocr_app.api.parser import ParsedRequest
from ocr_app.api.streaming import stream_answer
from ocr_app.engine.types import Done, EngineEvent, RequestError

router = APIRouter()


@router.post(
    "/v1/chat/completions",
    response_class=Response,
    summary="Read the pages of a conversation",
    responses=CHAT_RESPONSES,
    openapi_extra={"requestBody": REQUEST_BODY},
)
async def chat_completions(request: Request) -> Response:
    """Turn images and documents into text. Without `stream` the answer comes at once, else as server-sent events."""
    return _ChatAnswer(service_of(request))


class _ChatAnswer(Response):
    """Does the work while it answers, so that slot, deadline and disconnect cover it from the body to the last byte."""

    def __init__(self, service: Service) -> None:
        super().__init__()
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fields = log_fields(scope)
        outcome = "error"
        try:
            with self._service.bodies.lease() as lease, ExitStack() as held:
                parsed = await self._read(scope, receive, lease, held, fields)
                if parsed.documents is None:
                    self._service.cold_starts.request_came()
                answer = self._stream if parsed.engine.stream else self._complete
                await until_disconnect(receive, answer(parsed, scope, receive, send))
            outcome = fields.get("stream_outcome", "ok")
        except (ClientGone, asyncio.CancelledError) as error:
            outcome = "disconnected"
            if isinstance(error, asyncio.CancelledError):
                raise
        except (ApiError, RequestError) as error:
            outcome = outcome_of(error.status)
            fields["code"] = error.code
            raise
        finally:
            fields["outcome"] = outcome
            self._service.metrics.requests.labels(outcome).inc()

    async def _read(
        self, scope: Scope, receive: Receive, lease: Lease, held: ExitStack, fields: dict[str, Any]
    ) -> ParsedRequest:
        settings = self._service.settings
        self._service.admission.check()
        limit = settings.limits.max_body_bytes
        compressed = is_gzip(scope["headers"])
        body = await read_body(receive, scope["headers"], limit=limit, deadlines=settings.http, room=lease)
        # Not before: bodies that never arrive must not take the place of requests.
        held.enter_context(self._service.admission.slot())
        if compressed:
            body = await inflate(body, limit=limit, room=lease)
        parsed = await self._service.lanes.parse(body)
        engine = parsed.engine
        images = len(engine.pictures) if parsed.documents is None else len(parsed.documents.files)
        fields.update(completion_id=engine.id, body_bytes=len(body), images=images, stream=engine.stream)
        return parsed

    async def _complete(self, parsed: ParsedRequest, scope: Scope, receive: Receive, send: Send) -> None:
        events = await (self._pictures if parsed.documents is None else self._documents)(parsed, log_fields(scope))
        done = events[-1]
        assert isinstance(done, Done)  # noqa: S101 - the engine's contract
        body = completion_body(parsed.engine.id, self._service.settings.model_id, text_of(events), done, parsed.ignored)
        await JSONResponse(body)(scope, receive, send)

    async def _pictures(self, parsed: ParsedRequest, fields: dict[str, Any]) -> list[EngineEvent]:
        started = time.monotonic()
        answer = await self._service.dispatcher.complete(parsed.engine)
        done = answer.events[-1]
        assert isinstance(done, Done)  # noqa: S101 - as above
        self._service.metrics.succeeded(len(parsed.engine.pictures), done.usage, time.monotonic() - started)
        fields["completion_tokens"] = done.usage.completion_tokens
        return answer.events

    async def _documents(self, parsed: ParsedRequest, fields: dict[str, Any]) -> list[EngineEvent]:
        return [event async for event in read_documents(self._service, parsed, fields)]

    async def _stream(self, parsed: ParsedRequest, scope: Scope, _receive: Receive, send: Send) -> None:
        await stream_answer(self._service, parsed, send, log_fields(scope))
