"""What PDFium sees on the pages of a document: which text they have already, and how they look."""

import unicodedata
from typing import Literal

import numpy as np
import numpy.typing as npt

Gray = npt.NDArray[np.uint8]
"""Image of shape (height, width), 0 for black."""

ExistingText = Literal["none", "good", "invisible"]
"""`good`: visible text that can be searched; `invisible`: that of an older text layer; `none`: none worth keeping."""

_INVISIBLE = 3
"""Text rendering mode of text that is neither filled nor stroked."""

_LEAST_CHARACTERS = 50
"""A scan may carry a stamp, a header or a page number as visible text."""

_MOST_LOOKED_AT = 4_000
"""Characters of a page that are looked at."""

_MOST_UNREADABLE = 0.02
_LEAST_ALPHANUMERIC = 0.5
"""Shares of the characters. Fonts that lack Unicode values give signs, or characters for private use."""


class Viewer:
    """Looks at the pages of a document.

    PDFium is not thread-safe: use it in one thread of a process only.

    Args:
        data: The PDF.
        password: If it needs one.

    Raises:
        pypdfium2.PdfiumError: PDFium cannot open it.
    """

    def __init__(self, data: bytes, password: str) -> None:
        import pypdfium2 as pdfium

        self._document = pdfium.PdfDocument(data, password=password or None)
        # Else the fields of forms are not drawn.
        self._document.init_forms()

    @classmethod
    def open(cls, data: bytes, password: str, pages: int) -> "Viewer | None":
        """Return a viewer of a document; None if PDFium cannot open it or finds another number of pages."""
        import pypdfium2 as pdfium

        try:
            viewer = cls(data, password)
        except pdfium.PdfiumError:
            return None
        if len(viewer._document) == pages:
            return viewer
        viewer.close()
        return None

    def close(self) -> None:
        """Free the document."""
        self._document.close()

    def text(self, index: int) -> ExistingText:
        """Return which text a page has, by its number from 0.

        Where images lie over visible text does not matter: it can be found all the same.
        """
        import pypdfium2.raw as raw

        page = self._document[index]
        textpage = page.get_textpage()
        try:
            visible, invisible = [], 0
            for at in range(min(textpage.count_chars(), _MOST_LOOKED_AT)):
                if raw.FPDFText_IsGenerated(textpage, at) == 1:
                    continue
                shown_by = raw.FPDFText_GetTextObject(textpage, at)
                if raw.FPDFTextObj_GetTextRenderMode(shown_by) == _INVISIBLE:
                    invisible += 1
                else:
                    visible.append(chr(raw.FPDFText_GetUnicode(textpage, at)))
        finally:
            textpage.close()
            page.close()
        if _is_good("".join(visible)):
            return "good"
        return "invisible" if invisible else "none"

    def image(self, index: int, width: float, height: float) -> Gray:
        """Return a page as it looks, `width` x `height` pixels large or, if it has another shape, smaller."""
        page = self._document[index]
        try:
            scale = min(width / page.get_width(), height / page.get_height())
            bitmap = page.render(scale=scale, grayscale=True)
            try:
                return np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)
            finally:
                bitmap.close()
        finally:
            page.close()


def _is_good(text: str) -> bool:
    """Tell whether the visible text of a page is enough, and readable."""
    characters = "".join(text.split())
    if len(characters) < _LEAST_CHARACTERS:
        return False
    unreadable = sum(
        character == "\ufffd" or unicodedata.category(character) in ("Co", "Cn", "Cc", "Cs") for character in characters
    )
    alphanumeric = sum(unicodedata.category(character)[0] in "LMN" for character in characters)
    return unreadable <= _MOST_UNREADABLE * len(characters) and alphanumeric >= _LEAST_ALPHANUMERIC * len(characters)
