"""PDFs made for the tests, and what PDFium and pdftotext find in the results."""

import io
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from ocr_app.documents.text_layer.types import Box, PageDone, PageText, TextLine, line_in_box
from ocr_app.documents.text_layer.write import add_text_layer

PDFTOTEXT = shutil.which("pdftotext")
needs_pdftotext = pytest.mark.skipif(PDFTOTEXT is None, reason="pdftotext is not installed")


def pdf_of(*contents: bytes, size: tuple[float, float] = (400, 400), **entries: Any) -> Pdf:
    """A PDF with a page for each content stream; `entries` are those of every page."""
    pdf = pikepdf.new()
    for content in contents:
        pdf.add_blank_page(page_size=size)
        page = pdf.pages[-1].obj
        page.Contents = pdf.make_stream(content)
        page.Resources = Dictionary(Font=Dictionary(F1=helvetica()))
        for name, value in entries.items():
            page["/" + name] = value
    return pdf


def helvetica() -> pikepdf.Object:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)


def saved(pdf: Pdf, **how: Any) -> bytes:
    file = io.BytesIO()
    pdf.save(file, **how)
    return file.getvalue()


def layered(data: bytes, *pages: PageText, **how: Any) -> tuple[bytes, list[PageDone]]:
    file = io.BytesIO()
    done = add_text_layer(data, pages, file.write, **how)
    return file.getvalue(), done


def page(index: int, *texts: str, size: tuple[float, float] = (400, 400)) -> PageText:
    """Text whose lines are 20 pixels high, 40 apart, the first one at the top, 10 pixels a character."""
    lines = [
        line_in_box(text, (40, 40 * row + 40, 40 + 10 * len(text), 40 * row + 60)) for row, text in enumerate(texts)
    ]
    return PageText(index, *size, lines)


def outcomes(done: Sequence[PageDone]) -> list[str]:
    return [page.outcome for page in done]


def text_of(data: bytes, index: int = 0, password: str | None = None) -> str:
    """What PDFium extracts, with \\n between lines."""
    document = pdfium.PdfDocument(data, password=password)
    try:
        return str(document[index].get_textpage().get_text_range()).replace("\r\n", "\n")
    finally:
        document.close()


def pdftotext(data: bytes, folder: Path) -> str:
    """What pdftotext extracts, without the marks that it sets around text from right to left."""
    path = folder / "layered.pdf"
    path.write_bytes(data)
    command = [str(PDFTOTEXT), "-enc", "UTF-8", str(path), "-"]
    output = subprocess.run(command, capture_output=True, check=True).stdout.decode()  # noqa: S603
    return "".join(character for character in output if character not in "\u202a\u202b\u202c\f").strip()


def rendered(data: bytes, width: int, index: int = 0, password: str | None = None) -> "np.ndarray[Any, Any]":
    """A page in grey, `width` pixels wide."""
    document = pdfium.PdfDocument(data, password=password)
    try:
        page = document[index]
        return np.array(page.render(scale=width / page.get_width(), grayscale=True).to_numpy())
    finally:
        document.close()


def ink_box(gray: "np.ndarray[Any, Any]") -> Box:
    """The box around all that is dark."""
    rows, columns = np.nonzero(gray < 128)
    return float(columns.min()), float(rows.min()), float(columns.max() + 1), float(rows.max() + 1)


def found_box(data: bytes, words: str, width: int, index: int = 0) -> Box | None:
    """Where PDFium's search finds words, in pixels of the page rendered `width` pixels wide."""
    boxes = char_boxes(data, words, width, index)
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def char_boxes(data: bytes, words: str, width: int, index: int = 0) -> list[Box]:
    """Where PDFium finds each character of the first hit, in pixels of the page rendered `width` pixels wide."""
    document = pdfium.PdfDocument(data)
    try:
        page = document[index]
        textpage = page.get_textpage()
        hit = textpage.search(words, match_case=True).get_next()
        if hit is None:
            return []
        height = round(width * page.get_height() / page.get_width())
        boxes = (textpage.get_charbox(at) for at in range(hit[0], hit[0] + hit[1]))
        return [_in_pixels(page, box, width, height) for box in boxes]
    finally:
        document.close()


def _in_pixels(page: Any, box: Sequence[float], width: int, height: int) -> Box:
    import ctypes

    points = []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        # In hundredths of a pixel, because PDFium rounds.
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, width * 100, height * 100, 0, x, y, across, down)
        points.append((across.value / 100, down.value / 100))
    (x1, y1), (x2, y2) = points
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def boxed(*numbers: float) -> pikepdf.Object:
    return Array(list(numbers))


def line(text: str, box: Box, degrees: float = 0.0) -> TextLine:
    return line_in_box(text, box, degrees)
