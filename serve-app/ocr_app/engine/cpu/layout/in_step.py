"""Lists side by side, line by line in step as cells are, that are read one after the other: addresses, contents."""

import re
from collections.abc import Sequence
from itertools import pairwise

from ocr_app.engine.cpu.layout.rows import rows
from ocr_app.engine.cpu.layout.types import Line

_TOWN = re.compile(
    r"^(?:[A-Z]{1,3}[- ])?\d{4,6} [^\W\d][^\d,]{2,}$|^[^\W\d][^\d]+,? (?:[A-Z]{2} )?\d{5}(?:-\d{4})?$"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$"
)
"""A town with its postcode, before or behind it."""

_PAGE = re.compile(r"^\d{1,4}$")
_LEAST_LINES = 3
_LEAST_ENTRIES = 4


def are_addresses(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether both sides end as addresses do: lines of words, of which the last or the last but one names the town."""
    return _some(_TOWN, left, 1) and _some(_TOWN, right, 1) and _is_address(left) and _is_address(right)


def are_contents(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether both sides are lists of titles with page numbers that grow from line to line."""
    pages = _some(_PAGE, left, _LEAST_ENTRIES) and _some(_PAGE, right, _LEAST_ENTRIES)
    return pages and _is_contents(left) and _is_contents(right)


def _some(pattern: re.Pattern[str], side: Sequence[Line], least: int) -> bool:
    """Whether some lines match, which is told sooner than what stands on which row."""
    return sum(bool(pattern.search(line.text)) for line in side) >= least


def _is_address(side: Sequence[Line]) -> bool:
    lines = rows(side)
    towns = [index for index, row in enumerate(lines) if len(row) == 1 and _TOWN.search(row[0].text)]
    if len(lines) < _LEAST_LINES or len(towns) != 1 or towns[0] < max(2, len(lines) - 2):
        return False
    return all(len(row) == 1 for row in lines[towns[0] - 2 :])


def _is_contents(side: Sequence[Line]) -> bool:
    entries = [row for row in rows(side) if len(row) == 2 and _PAGE.match(row[1].text)]
    if len(entries) < max(_LEAST_ENTRIES, 0.75 * len(rows(side))):
        return False
    titles = all(any(map(str.isalpha, row[0].text)) for row in entries)
    return titles and all(int(above[1].text) < int(below[1].text) for above, below in pairwise(entries))
