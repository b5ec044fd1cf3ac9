"""The content stream of a page's text layer."""

import math
import re
import unicodedata
from collections.abc import Iterable

from ocr_app.documents.text_layer.bidi import visual_order
from ocr_app.documents.text_layer.font import LayerFont
from ocr_app.documents.text_layer.places import Place, map_quad
from ocr_app.documents.text_layer.types import TextLine
from ocr_app.documents.text_layer.widths import natural_width

_FORMATTING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Marks that say which way text runs; on paper there are none, and here its place says it."""


def layer_stream(lines: Iterable[TextLine], place: Place, font: LayerFont, font_name: str) -> bytes:
    """Return the content stream that writes lines invisibly; empty if they have no text.

    Each line is one string with its spaces in it: readers such as PDF.js and Preview join words that were placed one by
    one. It is as high as its box, stands on the lower edge, and is stretched to the width of the box. It is not marked
    as an artifact, because on a scan it is the text, also for a screen reader.

    Args:
        lines: In reading order.
        place: Where the image's pixels are on the page.
        font: Of the document.
        font_name: Its name in the page's resources, without a slash.

    Raises:
        ValueError: A coordinate is not a number.
    """
    shown = [_line(text, line, place, font, font_name) for line in lines if (text := cleaned(line.text))]
    if not shown:
        return b""
    # It comes first, so everything else in the graphics state is as it should be, whatever the page leaves behind.
    return "\n".join(["q", "BT", "3 Tr", *shown, "ET", "Q", ""]).encode()


def cleaned(text: str) -> str:
    """Return a line's text with single spaces between its words and without what no reader could show."""
    text = "".join(map(_readable, _FORMATTING.sub("", text)))
    return " ".join(text.split())


def _readable(character: str) -> str:
    category = unicodedata.category(character)
    return " " if category == "Cc" else "\ufffd" if category == "Cs" else character


def _line(text: str, line: TextLine, place: Place, font: LayerFont, font_name: str) -> str:
    top_left, _, bottom_right, bottom_left = map_quad(place, line.quad)
    along, width = _direction(bottom_left, bottom_right, place.across, place.least)
    up, height = _direction(bottom_left, top_left, (-place.down[0], -place.down[1]), place.least)
    # By the matrix and not by Tz, which PDF.js does not count when it looks for gaps between words.
    stretch = width / (max(natural_width(text), 0.1) * height)
    matrix = map(pdf_number, (along[0] * stretch, along[1] * stretch, *up, *bottom_left))
    return f"/{font_name} {pdf_number(height)} Tf {' '.join(matrix)} Tm <{font.encode(visual_order(text))}> Tj"


def _direction(
    start: tuple[float, float], end: tuple[float, float], otherwise: tuple[float, float], least: float
) -> tuple[tuple[float, float], float]:
    """Return the unit vector between two points and their distance, which is `least` at least."""
    x, y = end[0] - start[0], end[1] - start[1]
    length = math.hypot(x, y)
    if length < least:
        x, y = otherwise
    size = math.hypot(x, y)
    return (x / size, y / size), max(length, least)


def pdf_number(value: float) -> str:
    """Return a number as PDF has it, with five digits where it is small."""
    text = f"{value:.2f}" if abs(value) >= 100 else f"{value:.5f}"
    return text.rstrip("0").rstrip(".") if value else "0"
