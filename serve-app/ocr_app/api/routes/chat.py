"""`POST /v1/chat/completions`."""

import time
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from ocr_app.api.answering import Answer, Answering
from ocr_app.api.budget import Lease
from ocr_app.api.completion import completion_body
from ocr_app.api.context import service_of
from ocr_app.api.document_reading import read_documents
from ocr_app.api.engine_client import text_of
from ocr_app.api.observe import log_fields
from ocr_app.api.openapi import CHAT_RESPONSES, REQUEST_BODY
from ocr_app.api.parser import ParsedRequest
from ocr_app.api.streaming import stream_answer
from ocr_app.engine.types import Done, EngineEvent

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


class _ChatAnswer(Answering):
    """Answers a conversation."""

    async def parse(self, body: bytes, scope: Scope, lease: Lease, fields: dict[str, Any]) -> Answer:
        """Check the request."""
        parsed = await self._service.lanes.parse(body)
        engine, documents = parsed.engine, parsed.documents
        files = engine.images if documents is None else documents.files
        # Files that were uploaded are not in the body.
        lease.take(max(0, sum(map(len, files)) - len(body)))
        images = len(engine.pictures) if documents is None else len(files)
        fields.update(completion_id=engine.id, images=images, stream=engine.stream)
        if documents is None:
            self._service.cold_starts.request_came()
        return partial(self._stream if engine.stream else self._complete, parsed)

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
