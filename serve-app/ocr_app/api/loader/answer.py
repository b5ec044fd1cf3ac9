"""Answers `PUT /process`: a list with the text of each page."""

from contextlib import aclosing
from functools import partial
from typing import Any
from urllib.parse import unquote

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from ocr_app.api.answering import Answer, Answering
from ocr_app.api.budget import Lease
from ocr_app.api.echo import quote
from ocr_app.api.engine_client import text_of
from ocr_app.api.errors import ApiError
from ocr_app.api.files.names import display_name
from ocr_app.api.images import check_size
from ocr_app.api.large_answer import json_bytes, json_list, send_large
from ocr_app.api.loader.texts import as_text
from ocr_app.api.observe import log_fields
from ocr_app.api.one_document import OneDocument, opened, results_of
from ocr_app.api.page_marker import page_marker
from ocr_app.api.page_report import report_of
from ocr_app.documents.kinds import kind_of
from ocr_app.documents.pipeline import PageResult
from ocr_app.engine.formats import advice, sniff

_BODY = "body"


class LoaderAnswer(Answering):
    """Reads the file that is the body."""

    async def parse(self, body: bytes, scope: Scope, lease: Lease, fields: dict[str, Any]) -> Answer:
        """Tell what the file is."""
        headers = Headers(scope=scope)
        name = display_name(unquote(headers.get("x-filename", "")))
        media_type = headers.get("content-type", "")
        if not body:
            raise ApiError(400, "The file is empty.", param=_BODY, code="empty_file")
        kind = kind_of(body)
        fields["kind"] = kind or "text"
        if kind not in ("pdf", "tiff"):
            # Before images: a text may begin with "BM", as a bitmap does.
            text = await self._service.lanes.beside(lambda: as_text(body, media_type))
            if text is not None:
                return JSONResponse([_entry(text, name, 0, 1, {})])
        if kind is None:
            raise _unsupported(body, media_type)
        asked = OneDocument(check_size(body, self._service.settings.limits, _BODY), _BODY)
        return partial(self._read, asked, name)

    async def _read(self, asked: OneDocument, name: str, scope: Scope, _receive: Receive, send: Send) -> None:
        entries: list[bytes] = []
        async with opened(self._service, asked) as pages:
            asked.data = b""
            results = results_of(self._service, asked, pages, log_fields(scope))
            async with aclosing(results):  # type: ignore[type-var]
                async for result in results:
                    entries.append(json_bytes(_page(result, name)))
        await send_large(json_list(entries), send, "application/json")


def _page(result: PageResult, name: str) -> dict[str, Any]:
    number, total = result.page.number, result.page.document.pages
    if result.error is not None:
        error = {"error": {"code": result.error.code, "message": result.error.message}}
        return _entry(page_marker(result.error.message), name, number, total, error)
    verdict = report_of(result.events).get("verdict")
    return _entry(text_of(result.events), name, number, total, {"verdict": verdict} if verdict else {})


def _entry(text: str, name: str, number: int, total: int, more: dict[str, Any]) -> dict[str, Any]:
    metadata = {"page": number, "page_label": str(number + 1), "total_pages": total, "file_name": name, **more}
    return {"page_content": text, "metadata": metadata}


def _unsupported(body: bytes, media_type: str) -> ApiError:
    name = sniff(body)
    seen = f"The file is {name.upper()}" if name else f"The file, sent as {quote(media_type, 80)}, is of a kind"
    help_ = advice(name) if name else ""
    message = f"{seen} that is not read here: PDFs, TIFFs, images and text are. {help_}".rstrip()
    return ApiError(415, message, param=_BODY, code="unsupported_media_type")
