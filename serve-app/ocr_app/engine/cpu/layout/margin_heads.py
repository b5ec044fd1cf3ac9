"""Heads in the margin: each stands beside the first line of its text, and comes before it."""

from collections.abc import Sequence

from ocr_app.engine.cpu.layout.rows import rows
from ocr_app.engine.cpu.layout.sides import heads
from ocr_app.engine.cpu.layout.types import Line


def with_their_texts(margin: Sequence[Line], texts: Sequence[Line]) -> list[list[Line]]:
    """Return the heads of a margin and the texts beside them in turns, from top to bottom."""
    result: list[list[Line]] = []
    waiting = rows(texts)
    for head in heads(margin):
        top = min(piece.box.top for row in head for piece in row)
        before = [row for row in waiting if max(piece.box.middle for piece in row) < top]
        waiting = waiting[len(before) :]
        result += [[piece for row in before for piece in row], [piece for row in head for piece in row]]
    return [part for part in [*result, [piece for row in waiting for piece in row]] if part]
