"""A document with the text that was read of it: the same PDF, or one made of the images, that can be searched."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from ocr_app.api.echo import clip
from ocr_app.api.errors import ApiError
from ocr_app.api.page_report import layout_of, report_of, size_of
from ocr_app.documents.kinds import kind_of
from ocr_app.documents.opener import Opener, pdf_missing
from ocr_app.documents.pipeline import PageResult
from ocr_app.documents.text_layer.job import line_of, pack, unpack
from ocr_app.documents.text_layer.types import PageDone
from ocr_app.engine.types import Json, RequestError
from ocr_app.settings import Settings
from ocr_app.untrusted.memory import Sealed
from ocr_app.untrusted.process import JobFailed

_CPU_S_A_PAGE = 2.0
"""Besides `documents.page_cpu_s`. Lines are looked for in the image of a page, which is drawn once more for that."""

_LONGEST_SUMMARY = 4_000
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class PdfOptions:
    """What a client asks of a searchable PDF.

    Attributes:
        password: Of the document; empty for none.
        param: Path of the field that carried the document, for errors.
        redo: Whether to replace invisible text that pages have already.
        force: Whether to change a signed PDF.
    """

    password: str = field(repr=False)
    param: str
    redo: bool = False
    force: bool = False


class PageTexts:
    """Gathers the text of pages, in little memory.

    Attributes:
        lines: As `PdfMaker.make` takes them.
        unread: Pages that stay as they are, because no text with its place is known.
    """

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.unread: list[PageDone] = []

    def add(self, result: PageResult) -> None:
        """Take what came of a page."""
        text, number = text_of_page(result), result.page.number
        if text is not None:
            self.lines.append(line_of(text))
        elif result.error is not None:
            self.unread.append(PageDone(number, "failed", result.error.message))
        else:
            self.unread.append(PageDone(number, "skipped", "the engine does not say where its text stands"))


def text_of_page(result: PageResult) -> dict[str, Json] | None:
    """Return the text of a page as `text_layer.from_json` takes it; None if the page was not read or has no size."""
    if result.error is not None:
        return None
    report, layout = report_of(result.events), layout_of(result.events)
    size = size_of(result.events)
    if size is None:
        return None
    return {
        "index": result.page.number,
        "width": size[0],
        "height": size[1],
        "lines": report.get("lines") or [],
        "blocks": layout.get("blocks") or [],
        "turned_degrees": report.get("turned_degrees") or 0,
        "skew_degrees": report.get("skew_degrees") or 0,
    }


class PdfMaker:
    """Makes searchable PDFs in child processes.

    Args:
        opener: Has them.
        settings: Of the application.
    """

    def __init__(self, opener: Opener, settings: Settings) -> None:
        self._opener = opener
        self._settings = settings

    async def check(self, data: bytes, options: PdfOptions) -> None:
        """Refuse what cannot become a searchable PDF, before its pages are read.

        Raises:
            ApiError: 501 without pikepdf.
            RequestError: 400 `signed_pdf`, `encrypted_pdf` or `invalid_pdf`.
        """
        missing = pdf_missing() or (None if find_spec("pikepdf") else "the Python package pikepdf is not installed")
        if missing is not None:
            message = f"This service cannot make searchable PDFs: {missing}. Ask for JSON, or ask its operator."
            raise ApiError(501, message, code="pdf_not_available")
        if kind_of(data) == "pdf":
            await self.make(data, (), options)

    async def make(self, data: bytes, lines: Sequence[bytes], options: PdfOptions) -> tuple[bytes, list[PageDone]]:
        """Return the PDF, and what was done with each page that has a text.

        Args:
            data: The PDF or image file.
            lines: From `PageTexts`.
            options: What the client asks.

        Raises:
            ApiError: 500 `text_layer_failed`: it takes too much time or memory.
            RequestError: As `check`.
        """
        packed, where = await asyncio.to_thread(pack, data, lines)
        file = await asyncio.to_thread(Sealed, packed)
        del packed
        args: dict[str, Any] = {
            **where,
            "max_pixels": self._settings.limits.max_image_pixels,
            "password": options.password,
            "redo": options.redo,
            "force": options.force,
        }
        seconds = self._settings.documents.page_cpu_s + _CPU_S_A_PAGE * len(lines)
        try:
            answer, result = await self._opener.work("searchable_pdf", file, args, cpu_s=seconds)
        except RequestError as error:
            raise RequestError(error.message, param=options.param, code=error.code, status=error.status) from None
        except JobFailed as error:
            message = f"The searchable PDF cannot be made: {error}. The text can still be read as JSON."
            raise ApiError(500, message, param=options.param, code="text_layer_failed") from error
        finally:
            file.close()
        if result is None:
            raise RuntimeError("the job searchable_pdf returned no file")
        with result:
            return await asyncio.to_thread(lambda: unpack(result[:], answer))


def summary(done: Sequence[PageDone]) -> str:
    """Return what was done with pages in one line of ASCII, such as `added 0-36,38; failed 37 (Page 38: why)`.

    Args:
        done: Of each page, in any order.
    """
    grouped: dict[tuple[str, str], list[int]] = {}
    for page in sorted(done, key=lambda each: each.index):
        grouped.setdefault((page.outcome, page.reason), []).append(page.index)
    parts = [
        f"{outcome} {_ranges(pages)}" + (f" ({clip(reason, _LONGEST_REASON)})" if reason else "")
        for (outcome, reason), pages in grouped.items()
    ]
    plain = "; ".join(parts).encode("ascii", "replace").decode()
    return clip("".join(letter if " " <= letter <= "~" else " " for letter in plain), _LONGEST_SUMMARY).replace(
        "…", "~"
    )


def _ranges(numbers: Sequence[int]) -> str:
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
