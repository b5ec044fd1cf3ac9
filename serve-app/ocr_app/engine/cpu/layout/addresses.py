"""Addresses, contacts and signatures: the lines that they end with, and two of them side by side.

Side by side they stand in step, line by line, as cells do; yet each is read to its end.
"""

import re
from collections.abc import Sequence

from ocr_app.engine.cpu.layout.rows import rows
from ocr_app.engine.cpu.layout.types import Line

_UPPER = "A-ZÀ-ÖØ-ÞĀ-Ž"
_ENDS = tuple(
    map(
        re.compile,
        (
            # A town with its postcode, before or behind it.
            rf"^(?:[A-Z]{{1,3}}[- ])?\d{{4,6}} [{_UPPER}][^\s\d,]+(?: [^\s\d,]+){{0,2}}$"
            rf"|^[{_UPPER}][^\d,]+(?:,|,? [A-Z]{{2}}) \d{{5}}(?:-\d{{4}})?$"
            r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$",
            # A place and a day, as below a signature.
            rf"^[{_UPPER}][^\d,]*, \d{{1,2}}\.? [^\W\d]+ \d{{4}}$",
            # E-mail, and a telephone number.
            r"^\S+@\S+\.\w+$",
            r"^(?:(?i:tel|phone|fax|mobile|mobil|telefon|tél)\W{1,3})?\+\d[\d ()/-]{7,}$",
        ),
    )
)
_LEAST_LINES = 3


def ends_an_address(text: str) -> bool:
    """Whether a line is nothing but a town with its postcode, a place and a day, an e-mail address or a number."""
    return any(pattern.search(text) for pattern in _ENDS)


def are_addresses(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether both sides are addresses, contacts or signatures: lines of words, and last such as end them.

    Each kind of these stands only once on a side, or it is a column of a table.
    """
    # What stands on which row is told last, because that takes longest.
    return all(any(ends_an_address(line.text) for line in side) for side in (left, right)) and (
        _is_address(left) and _is_address(right)
    )


def _is_address(side: Sequence[Line]) -> bool:
    lines = rows(side)
    if len(lines) < _LEAST_LINES:
        return False
    places = [
        [index for index, row in enumerate(lines) if len(row) == 1 and pattern.search(row[0].text)] for pattern in _ENDS
    ]
    ends = sorted(index for found in places for index in found)
    if not ends or any(len(found) > 1 for found in places) or ends[0] == 0 or ends[-1] < len(lines) - 2:
        return False
    # Above it may be a key with its value, as the number of an invoice.
    return all(len(row) == 1 for row in lines[max(0, ends[0] - 2) :])
