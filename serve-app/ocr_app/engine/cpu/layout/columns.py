"""The reading order of columns: a page is cut along gutters, and bands above, left, right and below follow each other.

A gutter is a vertical line that no text crosses, with running text on both sides. The tallest gutter is cut first; the
parts are cut again. Tables, forms, and lists whose markers stand apart have gaps too, but no running text beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ocr_app.engine.cpu.layout.rows import rows
from ocr_app.engine.cpu.layout.types import Line, overlap, union

_LEAST_ROWS = 3
_APART = 1.5
"""Height of the gap, in heights of the running text, that sets a line off from the columns."""

_LEAST_WIDTH = 5.0
"""Narrowest column, in heights of the running text."""


@dataclass(frozen=True, slots=True)
class _Cut:
    height: float
    left: tuple[Line, ...]
    right: tuple[Line, ...]


def in_columns(lines: Sequence[Line], unit: float) -> list[list[Line]]:
    """Split lines into columns, in reading order.

    Args:
        lines: In any order.
        unit: Height of the running text, in pixels.

    Returns:
        Every line in exactly one column; one column for text that stands in one.
    """
    if not lines:
        return []
    cut = next(
        (cut for cut in _candidates(lines, unit) if _columnar(cut.left, unit) and _columnar(cut.right, unit)), None
    )
    if cut is None:
        return [list(lines)]
    inside = {*map(id, cut.left), *map(id, cut.right)}
    top = min(line.box.middle for line in (*cut.left, *cut.right))
    outside = [line for line in lines if id(line) not in inside]
    above = [line for line in outside if line.box.middle < top]
    below = [line for line in outside if line.box.middle >= top]
    return [column for part in (above, cut.left, cut.right, below) for column in in_columns(part, unit)]


def _candidates(lines: Sequence[Line], unit: float) -> list[_Cut]:
    """Return all gutters that text on both sides has in common, the tallest first."""
    cuts = []
    for x in _gaps(lines, unit):
        run: list[Line] = []
        for line in [*sorted(lines, key=lambda piece: piece.box.middle), None]:
            if line is not None and not (line.box.left < x - 0.1 * unit and line.box.right > x + 0.1 * unit):
                run.append(line)
                continue
            for stretch in _without_grids(run, x, unit):
                shared = _peeled(_peeled(stretch, x, unit), x, unit, from_below=True)
                left, right = _sides(shared, x)
                if left and right:
                    a, b = union(piece.box for piece in left), union(piece.box for piece in right)
                    cuts.append(_Cut(overlap(a.top, a.bottom, b.top, b.bottom), left, right))
            run = []
    return sorted(cuts, key=lambda cut: -cut.height)


def _sides(lines: Sequence[Line], x: float) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    return tuple(line for line in lines if line.box.centre < x), tuple(line for line in lines if line.box.centre >= x)


def _without_grids(run: Sequence[Line], x: float, unit: float) -> list[list[Line]]:
    """Split lines, from top to bottom, where gaps set off a table whose own gap goes on with the gutter."""
    bands: list[list[Line]] = []
    bottom = 0.0
    for line in run:
        if not bands or line.box.top - bottom > _APART * unit:
            bands.append([])
        bands[-1].append(line)
        bottom = max(bottom, line.box.bottom)
    result: list[list[Line]] = [[]]
    for band in bands:
        left, right = _sides(band, x)
        across = sum(len({piece.box.centre < x for piece in row}) > 1 for row in rows(band))
        if across >= _LEAST_ROWS and not (_columnar(left, unit, 1) and _columnar(right, unit, 1)):
            result.append([])
        else:
            result[-1] += band
    return [stretch for stretch in result if stretch]


def _peeled(run: list[Line], x: float, unit: float, *, from_below: bool = False) -> list[Line]:
    """Return lines from top to bottom without those at one end that a gap sets off and that stand on one side only.

    Such a line (a heading that ends before the gutter) belongs to what is above or below the columns.
    """
    ordered = run[::-1] if from_below else run
    start = 0
    for index, (line, following) in enumerate(pairwise(ordered)):
        if len({piece.box.centre < x for piece in ordered[start : index + 1]}) > 1:
            break
        gap = line.box.top - following.box.bottom if from_below else following.box.top - line.box.bottom
        if gap > _APART * unit:
            start = index + 1
    kept = ordered[start:]
    return kept[::-1] if from_below else kept


def _gaps(lines: Sequence[Line], unit: float) -> list[float]:
    """Return the places just left of lines that have a neighbour on their left; near ones once."""
    places: list[float] = []
    edges = sorted(
        piece.box.left - 0.25 * unit
        for row in rows(lines)
        for neighbour, piece in pairwise(row)
        if piece.box.left - neighbour.box.right > 0.2 * unit
    )
    for x in edges:
        if not places or x - places[-1] > 0.15 * unit:
            places.append(x)
    return places


def _columnar(side: Sequence[Line], unit: float, least_rows: int = _LEAST_ROWS) -> bool:
    """Whether lines look like running text (in one column or several) and not like cells, labels or numbers."""
    lines = rows(side)
    if len(lines) < least_rows:
        return False
    around = union(line.box for line in side)
    widths = [row[-1].box.right - row[0].box.left for row in lines]
    if median(widths) < _LEAST_WIDTH * unit:
        return False
    filled = sum(width >= 0.6 * around.width for width in widths) / len(widths)
    covered = median(
        sum(piece.box.width for piece in row) / max(1.0, width) for row, width in zip(lines, widths, strict=True)
    )
    dense = sum(median(piece.box.height for piece in row) for row in lines) / max(1.0, around.height)
    letters = sum(character.isalpha() for line in side for character in line.text)
    characters = sum(not character.isspace() for line in side for character in line.text) or 1
    return filled >= 0.4 and covered >= 0.75 and dense >= 0.35 and letters / characters >= 0.5
