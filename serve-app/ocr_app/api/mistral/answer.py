"""Answers `POST /v1/ocr`: the pages as JSON at once, or as events, one a page."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from functools import partial
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from ocr_app.api.answering import Answer, Answering
from ocr_app.api.budget import Lease
from ocr_app.api.errors import ApiError
from ocr_app.api.mistral.from_engine import page_text
from ocr_app.api.mistral.page import Numbers, Wanted, failed_page, page_object
from ocr_app.api.mistral.pictures import PictureCutter
from ocr_app.api.mistral.receive import Received, receive
from ocr_app.api.mistral.request import OwnOptions
from ocr_app.api.mistral.response import response_body, usage_info, wanted_of
from ocr_app.api.observe import log_fields
from ocr_app.api.one_document import OneDocument, opened, ranges_of, results_of
from ocr_app.api.page_results import Tick
from ocr_app.api.pdf_answer import answer_with_pdf, prefers_pdf
from ocr_app.api.searchable_pdf import PdfOptions
from ocr_app.api.sse import DONE, KEEP_ALIVE, SseWriter, event
from ocr_app.api.streaming import streamed
from ocr_app.documents.pipeline import PageResult, ReadPage

PageObject = dict[str, Any]


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
            return self._pdf(found, asked, lease)
        return partial(self._stream if request.stream else self._whole, found, asked, len(asked.data))

    def _pdf(self, found: Received, asked: OneDocument, lease: Lease) -> Answer:
        request = found.request
        if request.stream:
            message = "A PDF does not come as a stream: leave out `stream`, or the header `Accept: application/pdf`."
            raise ApiError(400, message, param="stream", code="unsupported_value")
        own = request.ocr or OwnOptions()
        options = PdfOptions(asked.password, asked.param, redo=own.redo, force=own.force)
        return partial(answer_with_pdf, self._service, asked, options, lease)

    async def _whole(
        self, found: Received, asked: OneDocument, size: int, scope: Scope, receive: Receive, send: Send
    ) -> None:
        pages = [page async for page in self._pages(found, asked, log_fields(scope))]
        body = response_body(pages, self._service.settings.model_id, size, found.request.ignored)
        await JSONResponse(body)(scope, receive, send)

    async def _stream(
        self, found: Received, asked: OneDocument, size: int, scope: Scope, _receive: Receive, send: Send
    ) -> None:
        fields = log_fields(scope)

        async def write(writer: SseWriter) -> None:
            # What is counted of pages is small; the pages themselves are let go.
            counted: list[PageObject] = []
            pages = self._pages(found, asked, fields, lambda: writer.write(KEEP_ALIVE))
            async with aclosing(pages):  # type: ignore[type-var]
                async for page in pages:
                    counted.append({"ocr": page["ocr"]} if "ocr" in page else {})
                    await writer.write(event({"object": "ocr.page", "page": page}))
            end = response_body([], self._service.settings.model_id, size, found.request.ignored)
            del end["pages"]
            end["usage_info"] = usage_info(counted, size)
            await writer.write(event({"object": "ocr.done", **end}) + DONE, last=True)

        await streamed(send, fields, write)

    async def _pages(
        self, found: Received, asked: OneDocument, fields: dict[str, Any], tick: Tick | None = None
    ) -> AsyncIterator[PageObject]:
        service, wanted, numbers = self._service, wanted_of(found.request), Numbers()
        cutters: list[PictureCutter] = []

        def around(read: ReadPage) -> ReadPage:
            if not found.request.include_image_base64:
                return read
            limit = service.settings.limits.max_image_pixels
            cutters.append(PictureCutter(read, service.documents, wanted, limit))
            return cutters[0]

        async with opened(service, asked) as pages:
            # It is in the memory of the open document by now.
            asked.data = b""
            results = results_of(service, asked, pages, fields, tick, around)
            async with aclosing(results):  # type: ignore[type-var]
                async for result in results:
                    yield _page(result, wanted, numbers, cutters)


def _page(result: PageResult, wanted: Wanted, numbers: Numbers, cutters: list[PictureCutter]) -> PageObject:
    page = page_text(result)
    if result.error is not None:
        return failed_page(page, wanted, result.error.message, result.error.code)
    cut = cutters[0].take(result.page) if cutters else {}
    return page_object(page, wanted, numbers, cut.get if cutters else None)
