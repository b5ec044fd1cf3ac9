"""The answers about single pages to one answer about a document."""

import json
from collections.abc import Sequence

from ocr_app.api.engine_client import text_of
from ocr_app.api.page_marker import page_marker
from ocr_app.api.page_report import layout_of, report_of, usage_of
from ocr_app.documents.pipeline import Page, PageResult
from ocr_app.engine.types import Done, FinishReason, Json, Usage
from ocr_app.ocr.layout_json import page_json, piece_of_answer


class DocumentAnswer:
    """Puts pages together, in order.

    A page that failed has a comment in the text, `<!-- Page 3: why -->`, and an `error` in `ocr.pages`.

    Args:
        pages: All that will come.
        separator: Between the texts of two pages.
        layout: Whether the text is the layout as JSON, so that pages are put together as JSON.
    """

    def __init__(self, pages: Sequence[Page], separator: str, *, layout: bool) -> None:
        self._count = len(pages)
        self._separator = separator
        self._layout = layout
        self._documents = list(dict.fromkeys(page.document for page in pages))
        self._reason: FinishReason = "stop"
        self._usage = Usage(0, 0)
        self._common: dict[str, Json] = {}
        self._pages: list[dict[str, Json]] = []
        self._layouts: list[dict[str, Json]] = []

    def add(self, result: PageResult) -> str:
        """Take the next page; return what it adds to the text."""
        at = len(self._pages)
        done = result.events[-1] if result.events else None
        text = text_of(result.events)
        self._usage += usage_of(result.events)
        if isinstance(done, Done):
            self._common = self._common or {k: v for k, v in done.extra.items() if k not in ("pages", "layout")}
            if done.finish_reason == "length":
                self._reason = "length"
        self._pages.append({**_report(result, at), **self._entry(result)})
        if self._layout:
            return piece_of_answer(_page_layout(text, result), first=at == 0, last=at == self._count - 1)
        if layout := layout_of(result.events):
            self._layouts.append({**layout, "index": at})
        return (self._separator if at else "") + (text if result.error is None else self._comment(result))

    def done(self) -> Done:
        """Return the end of the answer, after the last page."""
        documents = [
            {"kind": document.kind, "pages": document.pages, **({"repaired": True} if document.repaired else {})}
            for document in self._documents
        ]
        extra: dict[str, Json] = {**self._common, "documents": documents, "pages": self._pages}
        if self._layouts:
            extra["layout"] = {"pages": self._layouts}
        return Done(self._reason, self._usage, extra)

    @staticmethod
    def _entry(result: PageResult) -> dict[str, Json]:
        page, size, error = result.page, result.size, result.error
        return {
            "index": page.position,
            "document": page.file,
            "source_page": page.number + 1,
            **({"dpi": size.dpi} if size is not None and size.dpi is not None else {}),
            **({"error": {"code": error.code, "message": error.message}} if error is not None else {}),
        }

    def _comment(self, result: PageResult) -> str:
        assert result.error is not None  # noqa: S101 - the caller looked
        file = f"File {result.page.file + 1}. " if len(self._documents) > 1 else ""
        return page_marker(file + result.error.message)


def _report(result: PageResult, at: int) -> dict[str, Json]:
    """Return the engine's report on a page that was alone in its request."""
    report = {key: value for key, value in report_of(result.events).items() if key != "index"}
    return {**report, **({"images": [at]} if "images" in report else {})}


def _page_layout(text: str, result: PageResult) -> dict[str, Json]:
    """Return the layout that an engine answered for a page alone; one without blocks where it could not be read."""
    at = result.page.position
    if result.error is None:
        layout: dict[str, Json] = json.loads(text)["pages"][0]
        return {**layout, "index": at}
    width, height = (result.size.width, result.size.height) if result.size is not None else (0, 0)
    error = {"code": result.error.code, "message": result.error.message}
    return {**page_json(at, width, height, []), "error": error}
