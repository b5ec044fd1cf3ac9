"""Lines side by side: which pieces stand on one line, and joining them."""

from collections.abc import Sequence
from itertools import pairwise

from ocr_app.engine.cpu.layout.types import Line, overlap, union

_WIDE_GAP = 2.0
"""Gap, in heights of a piece, that no space between words has."""

Row = list[Line]
"""Pieces on one line, from left to right."""


def rows(lines: Sequence[Line]) -> list[Row]:
    """Group pieces that stand on one line, from top to bottom.

    Two belong together if they share at least half of the lower one's height and do not stand one above the other.
    """
    result: list[Row] = []
    for line in sorted(lines, key=lambda piece: (piece.box.middle, piece.box.left)):
        for row in reversed(result[-4:]):
            if all(_side_by_side(line, other) for other in row):
                row.append(line)
                break
        else:
            result.append([line])
    for row in result:
        row.sort(key=lambda piece: piece.box.left)
    return sorted(result, key=lambda row: sum(piece.box.middle for piece in row) / len(row))


def join(row: Row) -> Line:
    """Make one line of the pieces of a row."""
    if len(row) == 1:
        return row[0]
    letters = sum(len(piece.text) for piece in row) or 1
    return Line(
        text=" ".join(piece.text for piece in row),
        box=union(piece.box for piece in row),
        confidence=sum(piece.confidence * len(piece.text) for piece in row) / letters,
        apart=any(after.box.left - piece.box.right > _WIDE_GAP * piece.box.height for piece, after in pairwise(row)),
    )


def _side_by_side(a: Line, b: Line) -> bool:
    shared = overlap(a.box.top, a.box.bottom, b.box.top, b.box.bottom)
    lower = min(a.box.height, b.box.height)
    across = overlap(a.box.left, a.box.right, b.box.left, b.box.right)
    return shared >= 0.5 * lower and across <= 0.5 * min(a.box.width, b.box.width)
