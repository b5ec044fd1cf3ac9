"""Rows of dots that lead from a title to its page, or from a dish to its price: what is left of them in the text."""

import re
from collections.abc import Sequence
from itertools import pairwise

_AT_END = re.compile(r"(?:\s+[.…·]+|(?<!\.)\.\.|[.…·]{4,})$")
_PAGE = re.compile(r"^[.…·\s]*(\d{1,4}|[ivxlc]{1,6})$")
_WITHIN = re.compile(r"[.…·_]{4,}\s*\S{1,12}$|(?:\s[.·]){4,}\s*\S{1,12}$")
_DOTS = (".", "…", "·")
_LEAST_ROWS = 3


def has_leader(text: str) -> bool:
    """Whether a line holds a row of dots and what it leads to."""
    return bool(_WITHIN.search(text))


def without_leaders(grid: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return a table's cells without the dots that end labels; in a table of contents also those before the pages."""
    result = [
        [_AT_END.sub("", cell) if index + 1 < len(row) else cell for index, cell in enumerate(row)] for row in grid
    ]
    pages = [_PAGE.match(row[-1]) for row in result if row[-1]]
    found = [page[1] for page in pages if page]
    numbers = [int(page) for page in found if page.isdigit()]
    if len(found) < max(_LEAST_ROWS, len(pages)) or any(a > b for a, b in pairwise(numbers)):
        return result
    if result == [list(row) for row in grid] and not any(row[-1].startswith(_DOTS) for row in result):
        return result
    return [[*(cell.rstrip(" .…·") for cell in labels), page.lstrip(" .…·")] for *labels, page in result]
