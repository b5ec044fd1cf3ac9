"""Pages to the `analyzeResult` of Azure's answers, a page at a time and in little memory."""

import json
from collections.abc import Mapping
from typing import Any

from ocr_app.api.azure.paths import MODEL
from ocr_app.api.azure.request import Unit
from ocr_app.api.engine_client import text_of
from ocr_app.api.page_marker import page_marker
from ocr_app.api.page_report import size_of
from ocr_app.api.searchable_pdf import text_of_page
from ocr_app.documents.pipeline import PageResult
from ocr_app.documents.text_layer.from_json import page_text
from ocr_app.documents.text_layer.order import in_reading_order
from ocr_app.documents.text_layer.plain import plain_text
from ocr_app.documents.text_layer.types import TextLine

_PAGE_BREAK = "\n"


class Result:
    """Gathers pages.

    Args:
        unit: In which places in `content` count.
        version: Of the API.
        markdown: Whether `content` is Markdown.
    """

    def __init__(self, unit: Unit, version: str, *, markdown: bool) -> None:
        self._head = {
            "apiVersion": version,
            "modelId": MODEL,
            "stringIndexType": unit,
            "contentFormat": "markdown" if markdown else "text",
        }
        self._utf16 = unit == "utf16CodeUnit"
        self._markdown = markdown
        self._contents: list[str] = []
        self._at = 0
        self._pages: list[bytes] = []
        self._warnings: list[dict[str, str]] = []

    def add(self, result: PageResult) -> None:
        """Take the next page. One that failed has the reason as its text, and a warning."""
        if self._contents:
            self._contents.append(_PAGE_BREAK)
            self._at += len(_PAGE_BREAK)
        begin = self._at
        page: dict[str, Any] = {"pageNumber": result.page.number + 1, "angle": 0, **_size(result)}
        lines = [] if result.error is not None or self._markdown else _lines(result)
        if result.error is not None:
            self._append(page_marker(result.error.message))
            self._warnings.append({"code": result.error.code, "message": result.error.message})
        elif lines:
            page["lines"] = [self._line(line, _scale(result), last=line is lines[-1]) for line in lines]
        else:
            text = text_of(result.events)
            self._append(text if self._markdown else plain_text(text))
        page["spans"] = [{"offset": begin, "length": self._at - begin}]
        self._pages.append(json.dumps(page, ensure_ascii=False).encode("utf-8", "replace"))

    def body(self) -> bytes:
        """Return the JSON of `analyzeResult`."""
        head = {**self._head, "content": "".join(self._contents)}
        if self._warnings:
            head["warnings"] = self._warnings  # type: ignore[assignment]
        start = json.dumps(head, ensure_ascii=False).encode("utf-8", "replace")
        return start[:-1] + b', "pages": [' + b", ".join(self._pages) + b"]}"

    def _append(self, text: str) -> None:
        self._contents.append(text)
        self._at += len(text.encode("utf-16-le", "surrogatepass")) // 2 if self._utf16 else len(text)

    def _line(self, line: TextLine, scale: float, *, last: bool) -> dict[str, Any]:
        begin = self._at
        self._append(line.text)
        span = {"offset": begin, "length": self._at - begin}
        if not last:
            self._append("\n")
        polygon = [round(number * scale, 4) for corner in line.quad for number in corner]
        return {"content": line.text, "polygon": polygon, "spans": [span]}


def _lines(result: PageResult) -> list[TextLine]:
    text = text_of_page(result)
    if text is None or not text["lines"]:
        return []
    page = page_text(text)
    return in_reading_order(page.lines, page.blocks)


def _size(result: PageResult) -> Mapping[str, Any]:
    """Return a page's size: of a PDF in inches, as Azure has it, else in pixels."""
    drawn = (0, 0) if result.size is None else (result.size.width, result.size.height)
    width, height = size_of(result.events) or drawn
    scale = _scale(result)
    if scale == 1:
        return {"width": width, "height": height, "unit": "pixel"}
    return {
        "width": round(width * scale, 4),
        "height": round(height * scale, 4),
        "unit": "inch",
    }


def _scale(result: PageResult) -> float:
    size = result.size
    return 1 if size is None or size.dpi is None or result.page.document.kind != "pdf" else 1 / size.dpi
