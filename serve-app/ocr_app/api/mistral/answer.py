"""Answers `POST /v1/ocr`: the pages as JSON at once, or as events, one a page."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from functools import partial
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from ocr_app.api.answering import Answer, Answering
from ocr_app.api.budget import Lease
from ocr_app.api.errors import ApiError
from ocr_app.api.large_answer import json_bytes, json_list, send_large
from ocr_app.api.mistral.from_engine import page_text
from ocr_app.api.mistral.page import Numbers, Wanted, failed_page, page_object
from ocr_app.api.mistral.pictures import PictureCutter
from ocr_app.api.mistral.receive import Received, receive
from ocr_app.api.mistral.request import OwnOptions
from ocr_app.api.mistral.response import end_of_response, wanted_of
from ocr_app.api.observe import log_fields
from ocr_app.api.one_document import OneDocument, opened, results_of
from ocr_app.api.page_choice import ranges_of
from ocr_app.api.page_results import Tick
from ocr_app.api.pdf_answer import answer_with_pdf, prefers_pdf
from ocr_app.api.searchable_pdf import PdfOptions
from ocr_app.api.sse import DONE, KEEP_ALIVE, SseWriter, event
from ocr_app.api.streaming import streamed
from ocr_app.documents.pipeline import PageResult, ReadPage

PageObject = dict[str, Any]

_MOST_PICTURES = 64 * 2**20
"""Bytes of pictures in Base64 after which an answer that is no stream has no more of them: it is held as a whole."""


class OcrAnswer(Answering):
    """Reads one document."""

    async def parse(self, body: bytes, scope: Scope, lease: Lease, fields: dict[str, Any]) -> Answer:
        """Check the request."""
        content_type = Headers(scope=scope).get("content-type", "")
        service = self._service
        found = await service.lanes.beside(lambda: receive(body, content_type, service.settings, service.files))
        # A file that was uploaded is not in the body.
        lease.take(max(0, len(found.data) - len(body)))
        request = found.request
        fields.update(stream=bool(request.stream), file_bytes=len(found.data))
        asked = OneDocument(
            found.data,
            found.param,
            pages=ranges_of(request.pages, first=0, param="pages"),
            password=(request.ocr and request.ocr.password) or "",
            password_param="ocr.password",  # noqa: S106 - the name of a field
            options={"lines": True} if request.confidence_scores_granularity else {},
        )
        found.data = b""
        if prefers_pdf(Headers(scope=scope).get("accept", "")):
            return self._pdf(found, asked)
        return partial(self._stream if request.stream else self._whole, found, asked, len(asked.data))

    def _pdf(self, found: Received, asked: OneDocument) -> Answer:
        request = found.request
        if request.stream:
            message = "A PDF does not come as a stream: leave out `stream`, or the header `Accept: application/pdf`."
            raise ApiError(400, message, param="stream", code="unsupported_value")
        own = request.ocr or OwnOptions()
        options = PdfOptions(asked.password, asked.param, redo=own.redo, force=own.force)
        return partial(answer_with_pdf, self._service, asked, options)

    async def _whole(
        self, found: Received, asked: OneDocument, size: int, scope: Scope, _receive: Receive, send: Send
    ) -> None:
        written: list[bytes] = []
        counted: list[PageObject] = []
        async with aclosing(self._pages(found, asked, log_fields(scope))) as pages:  # type: ignore[type-var]
            async for page in pages:
                counted.append(_counted(page))
                written.append(json_bytes(page))
        end = json_bytes(self._end(counted, found, size))
        await send_large(b'{"pages":' + json_list(written) + b"," + end[1:], send, "application/json")

    async def _stream(
        self, found: Received, asked: OneDocument, size: int, scope: Scope, _receive: Receive, send: Send
    ) -> None:
        fields = log_fields(scope)

        async def write(writer: SseWriter) -> None:
            counted: list[PageObject] = []
            pages = self._pages(found, asked, fields, lambda: writer.write(KEEP_ALIVE))
            async with aclosing(pages):  # type: ignore[type-var]
                async for page in pages:
                    counted.append(_counted(page))
                    await writer.write(event({"object": "ocr.page", "page": page}))
            await writer.write(event({"object": "ocr.done", **self._end(counted, found, size)}) + DONE, last=True)

        await streamed(send, fields, write)

    def _end(self, counted: list[PageObject], found: Received, size: int) -> dict[str, Any]:
        """Return all of an answer but its pages."""
        return end_of_response(counted, self._service.settings.model_id, size, found.request.ignored)

    async def _pages(
        self, found: Received, asked: OneDocument, fields: dict[str, Any], tick: Tick | None = None
    ) -> AsyncIterator[PageObject]:
        service, wanted, numbers = self._service, wanted_of(found.request), Numbers()
        cutters: list[PictureCutter] = []

        def around(read: ReadPage) -> ReadPage:
            if not found.request.include_image_base64:
                return read
            room = None if found.request.stream else _MOST_PICTURES
            limit = service.settings.limits.max_image_pixels
            cutters.append(PictureCutter(read, service.documents, wanted, limit, room))
            return cutters[0]

        async with opened(service, asked) as pages:
            # It is in the memory of the open document by now.
            asked.data = b""
            results = results_of(service, asked, pages, fields, tick, around)
            async with aclosing(results):  # type: ignore[type-var]
                async for result in results:
                    yield _page(result, wanted, numbers, cutters)


def _counted(page: PageObject) -> PageObject:
    """Return what is counted of a page; it is small, and the page itself is let go."""
    return {"ocr": page["ocr"]} if "ocr" in page else {}


def _page(result: PageResult, wanted: Wanted, numbers: Numbers, cutters: list[PictureCutter]) -> PageObject:
    page = page_text(result)
    if result.error is not None:
        return failed_page(page, wanted, result.error.message, result.error.code)
    cut = cutters[0].take(result.page) if cutters else {}
    return page_object(page, wanted, numbers, cut.get if cutters else None)
