"""Lists of contents side by side: in step, line by line, as cells are, and read one after the other."""

import re
from collections.abc import Sequence
from itertools import pairwise

from ocr_app.engine.cpu.layout.rows import rows
from ocr_app.engine.cpu.layout.types import Line

_PAGE = re.compile(r"^\d{1,4}$")
_LEAST_ENTRIES = 4


def are_contents(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether both sides are lists of titles with page numbers that grow from line to line."""
    # What stands on which row is told last, because that takes longest.
    fewest = min(sum(bool(_PAGE.match(line.text)) for line in side) for side in (left, right))
    return fewest >= _LEAST_ENTRIES and _is_contents(left) and _is_contents(right)


def _is_contents(side: Sequence[Line]) -> bool:
    lines = rows(side)
    # A title may be in two pieces.
    entries = [row for row in lines if len(row) in (2, 3) and _PAGE.match(row[-1].text)]
    if len(entries) < max(_LEAST_ENTRIES, 0.75 * len(lines)):
        return False
    titles = all(any(map(str.isalpha, row[0].text)) for row in entries)
    return titles and all(int(above[-1].text) < int(below[-1].text) for above, below in pairwise(entries))
