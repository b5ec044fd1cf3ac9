"""Which rows of a page stood in the same place on an earlier page of the same request, as running heads do."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ocr_app.engine.cpu.layout.rows import Row
from ocr_app.engine.cpu.layout.types import union

_SAME_PLACE = 0.03
"""Share of the page's height by which a running head may move."""

_TEMPLATE = 0.3
"""Share of rows in common from which two pages are the same form, filled in twice: then nothing runs over them."""

_DIGITS = re.compile(r"\d{1,9}")
_SIGNS = re.compile(r"[\W_]+")


class RowText(NamedTuple):
    """What a row says and where.

    Attributes:
        folded: Its text in lower case, without spaces and punctuation, each number as `#`.
        numbers: The numbers, from left to right.
        middle: The y halfway down, as a share of the page's height.
    """

    folded: str
    numbers: tuple[int, ...]
    middle: float


def row_texts(stacked: Sequence[Row], height: float) -> tuple[RowText, ...]:
    """Return what rows say, to compare a page with others.

    Args:
        stacked: All rows of the page.
        height: Of the page, in pixels.
    """
    result = []
    for row in stacked:
        text = " ".join(piece.text for piece in row).casefold()
        folded = "#".join(_SIGNS.sub("", part) for part in _DIGITS.split(text))
        numbers = tuple(int(number) for number in _DIGITS.findall(text))
        result.append(RowText(folded, numbers, union(piece.box for piece in row).middle / max(1.0, height)))
    return tuple(result)


def repeated(page: Sequence[RowText], earlier: Sequence[Sequence[RowText]]) -> set[int]:
    """Return the indices of the rows that an earlier page has in the same place.

    One number may differ, at an end of the row, and only as page numbers do: it grows, and where there is nothing but
    it, by one a page. Pages that have many rows in common are not compared: they are forms, tickets or labels.

    Args:
        page: Rows of a page.
        earlier: Those of the pages before it, in order.
    """
    found: set[int] = set()
    for distance, other in enumerate(reversed(earlier), start=1):
        if _same_form(page, other):
            continue
        for index, row in enumerate(page):
            if index not in found and any(_goes_on(before, row, distance) for before in other):
                found.add(index)
    return found


def _same_form(page: Sequence[RowText], other: Sequence[RowText]) -> bool:
    here, there = ({row.folded for row in rows if row.folded.strip("#")} for rows in (page, other))
    common, fewer = len(here & there), min(len(here), len(there))
    # Two rows may be a running head and foot on short pages.
    return common > max(2, _TEMPLATE * fewer)


def _goes_on(before: RowText, row: RowText, pages: int) -> bool:
    if before.folded != row.folded or abs(before.middle - row.middle) > _SAME_PLACE or not row.folded:
        return False
    steps = [(index, b - a) for index, (a, b) in enumerate(zip(before.numbers, row.numbers, strict=True)) if a != b]
    if row.folded == "#":
        return steps == [(0, pages)]
    if not steps:
        return True
    (index, step), *others = steps
    at_end = (index == 0 and row.folded[0] == "#") or (index == len(row.numbers) - 1 and row.folded[-1] == "#")
    return not others and at_end and step > 0
