"""PDFs by PDFium, in a child process: it can crash, and nothing can interrupt it."""

import ctypes
from mmap import mmap
from typing import Any

from ocr_app.documents.page_kind import PageFacts
from ocr_app.untrusted import kept
from ocr_app.untrusted.memory import File

_MOST_OBJECTS = 20_000
"""Objects of a page that are looked at for its kind."""

_LAST_LATIN = "\u024f"

_PASSWORD, _SECURITY = 4, 5
"""PDFium's error codes: https://pdfium.googlesource.com/pdfium/+/main/public/fpdfview.h."""


class Unreadable(Exception):
    """PDFium refuses the file."""


class Locked(Exception):
    """The file needs a password, or another one."""


class UnknownLock(Exception):
    """The file is encrypted in a way that PDFium does not know."""


class _Open:
    """An open document, and the memory that it reads from."""

    def __init__(self, data: mmap, password: str) -> None:
        import numpy as np
        import pypdfium2 as pdfium
        import pypdfium2.raw as c

        self._data = data
        self._bytes = np.frombuffer(data, dtype=np.uint8)
        place = ctypes.c_void_p(self._bytes.ctypes.data)
        raw = c.FPDF_LoadMemDocument64(place, len(data), password.encode() + b"\0" if password else None)
        if not raw:
            code = c.FPDF_GetLastError()
            self._let_go()
            raise {_PASSWORD: Locked, _SECURITY: UnknownLock}.get(code, Unreadable)(f"PDFium's error {code}")
        self.pdf: Any = pdfium.PdfDocument(raw)
        # Before the first page is looked at, or filled-in fields are not drawn.
        self.pdf.init_forms()

    def close(self) -> None:
        self.pdf.close()
        self._let_go()

    def _let_go(self) -> None:
        # The mapping cannot be closed while an array shows it.
        self._bytes = None  # type: ignore[assignment]
        self._data.close()


def opened(file: File, password: str) -> Any:
    """Return the document as a `pypdfium2.PdfDocument`; a child keeps it open for the next job.

    Opening and finding page 999 of 1,000 takes 25 ms, of 10,000 pages 60 ms, and drawing a page 10 to 50.

    Raises:
        Unreadable, Locked, UnknownLock: See there.
    """
    return kept.keep((file.key, password), lambda: _Open(file.map(), password), _Open.close).pdf


def has_strange_text(page: Any) -> bool:
    """Return whether a page has text, not in Latin letters, in a font that is not in the PDF.

    PDFium has fonts of its own for Latin letters, and takes others from the machine, if it has them.
    """
    import pypdfium2.raw as c

    left, bottom, right, top = page.get_bbox()
    text = page.get_textpage()
    try:
        for number, thing in enumerate(page.get_objects(filter=(c.FPDF_PAGEOBJ_TEXT,))):
            if number == _MOST_OBJECTS:
                break
            x0, y0, x1, y1 = thing.get_bounds()
            shown = x0 < right and x1 > left and y0 < top and y1 > bottom
            drawn = c.FPDFTextObj_GetTextRenderMode(thing) != c.FPDF_TEXTRENDERMODE_INVISIBLE
            if shown and drawn and c.FPDFFont_GetIsEmbedded(c.FPDFTextObj_GetFont(thing)) == 0:
                size = c.FPDFTextObj_GetText(thing, text, None, 0)
                buffer = ctypes.create_string_buffer(size)
                c.FPDFTextObj_GetText(thing, text, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
                if any(sign > _LAST_LATIN for sign in buffer.raw.decode("utf-16-le", "replace")):
                    return True
    finally:
        text.close()
    return False


def facts_of(page: Any) -> PageFacts:
    """Return what a page is made of."""
    import pypdfium2.raw as c

    invisible = visible = 0
    covered = 0.0
    area = page.get_width() * page.get_height()
    text = page.get_textpage()
    try:
        for number, thing in enumerate(page.get_objects(filter=(c.FPDF_PAGEOBJ_TEXT, c.FPDF_PAGEOBJ_IMAGE))):
            if number == _MOST_OBJECTS:
                break
            if thing.type == c.FPDF_PAGEOBJ_IMAGE:
                left, bottom, right, top = thing.get_bounds()
                covered = max(covered, (right - left) * (top - bottom) / area)
                continue
            # In UTF-16, with a zero at the end.
            length = max(0, c.FPDFTextObj_GetText(thing, text, None, 0) // 2 - 1)
            if c.FPDFTextObj_GetTextRenderMode(thing) == c.FPDF_TEXTRENDERMODE_INVISIBLE:
                invisible += length
            else:
                visible += length
        words = text.get_text_range()
    finally:
        text.close()
    return PageFacts(
        visible=visible,
        invisible=invisible,
        odd=sum(sign == "�" or "\ue000" <= sign <= "\uf8ff" for sign in words),
        wordlike=sum(sign.isalnum() for sign in words),
        covered=min(covered, 1.0),
    )
