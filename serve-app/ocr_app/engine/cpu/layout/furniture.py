"""Drops what is not part of the text: running heads and feet, page numbers, text along the margins."""

import re
from collections.abc import Sequence

from ocr_app.engine.cpu.layout.rows import Row, rows
from ocr_app.engine.cpu.layout.types import Line, text_height, union

_LEAST_LINES = 8
"""Nothing is dropped from a page with fewer lines, such as a receipt, a slide or a caption."""

_EDGE = 0.12
"""Share of the page's height, at its top and bottom, where heads and feet stand."""

_NUMBER = r"(?:\d{1,4}|[ivxlc]{1,7}|[A-Z]{1,3}[-–.]\d{1,4}|\d{1,3}[-–]\d{1,3})"
_PAGE_NUMBER = re.compile(
    rf"^[\[(|•·—–-]*\s*(?:page|p\.|pg\.?|seite|s\.|第)?\s*{_NUMBER}\s*(?:(?:of|von|/|\|)\s*\d{{1,5}}|页)?\s*[\])|•·—–-]*$",
    re.IGNORECASE,
)
_IMPRINT = re.compile(
    r"https?://|www\.|©|\b(?:doi|copyright|all rights reserved|downloaded|isbn|issn|preprint)\b|\bvol\.",
    re.IGNORECASE,
)
_NOTE = re.compile(r"^(?:[*†‡§¶]|\(?\d{1,2}[).]?\s)")


def without_furniture(lines: Sequence[Line], width: float, height: float) -> list[Line]:
    """Return the lines without running heads and feet, page numbers and text along the margins.

    Dropped are: text that runs up or down along a side; a first row that holds a page number at one of its ends, or
    that stands apart from the text below it, and anything above; and last rows by the same rules.

    Args:
        lines: All lines of a page, in any order.
        width: Of the page.
        height: Of the page.

    Returns:
        The other lines, in the same order; all lines of a page that has few.
    """
    level = [line for line in lines if not line.vertical]
    if len(level) < _LEAST_LINES:
        return list(lines)
    unit = text_height(level)
    body = union(line.box for line in level)
    dropped = {id(line) for line in lines if line.vertical and _beside(line, body.left, body.right, width)}
    stacked = rows(level)
    head = _furniture_rows(stacked, unit, height, top=True)
    foot = _furniture_rows(stacked[::-1], unit, height, top=False)
    dropped |= {id(line) for row in (*head, *foot) for line in row}
    rest = [line for line in lines if id(line) not in dropped]
    return rest if rest else list(lines)


def _beside(line: Line, left: float, right: float, width: float) -> bool:
    """Whether a sideways line stands outside the text, or in the outer tenth of the page."""
    box = line.box
    return box.centre < max(left, 0.1 * width) or box.centre > min(right, 0.9 * width)


def _furniture_rows(stacked: Sequence[Row], unit: float, height: float, *, top: bool) -> list[Row]:
    """Return the rows at one end of the page that are furniture; rows are given from that end inwards."""
    found = 0
    for index in range(min(4, len(stacked) - 1)):
        if _is_furniture(stacked, index, unit, height, top=top):
            found = index + 1
    return list(stacked[:found])


def _is_furniture(stacked: Sequence[Row], index: int, unit: float, height: float, *, top: bool) -> bool:
    row, inward = stacked[index], stacked[index + 1]
    box, next_box = union(line.box for line in row), union(line.box for line in inward)
    gap = next_box.top - box.bottom if top else box.top - next_box.bottom
    at_edge = (box.bottom if top else height - box.top) <= _EDGE * height
    if max(line.box.height for line in row) > 1.5 * unit:
        return False
    ends = [row[0].text, row[-1].text]
    if len(row) == 1 and _PAGE_NUMBER.match(row[0].text):
        # Some pages are cut from larger sheets: a lone number at the end is a page number anywhere.
        return gap > 0.4 * unit and index <= 1 and (at_edge or gap > unit)
    text = " ".join(line.text for line in row)
    numbered = len(row) > 1 and any(_PAGE_NUMBER.match(end) for end in ends) and not _continues(row, inward, unit)
    if numbered and (at_edge or (index == 0 and gap > unit)):
        return True
    if index > 2 or not at_edge:
        return False
    if _IMPRINT.search(text) and gap > 0.6 * unit:
        return True
    apart = gap > 1.3 * unit
    if not top and _NOTE.match(text) and len(text) > 30:
        return False
    return apart and len(text) <= 120 and text_height(row) <= 1.25 * unit


def _continues(row: Row, inward: Row, unit: float) -> bool:
    """Whether the next row has as many pieces in the same places, as the rows of a table have."""
    return len(inward) == len(row) and all(
        abs(a.box.centre - b.box.centre) < 2 * unit for a, b in zip(row, inward, strict=True)
    )
