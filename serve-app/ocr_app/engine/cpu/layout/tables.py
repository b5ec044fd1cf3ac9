"""Rows that form a grid."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from ocr_app.engine.cpu.layout.paragraphs import is_item
from ocr_app.engine.cpu.layout.rows import Row
from ocr_app.engine.cpu.layout.types import Box, Line, overlap, union

_MARKER = re.compile(r"^(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\[\d{1,3}\]|[•‣▪■●○◦*–-])$")
_CURRENCY = re.compile(r"^[$€£¥]$")
_NUMBER = re.compile(r"^[(+−–-]?[$€£¥]?\s*[\d.,]*\d[\d.,]*\s*[%)]*$")
_TAIL = re.compile(r"^[%)]+$")
_LEAST_ROWS = 3
_LONGEST_CELL = 45
"""Mean length of a cell, in characters, above which a grid of two columns is running text."""


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A grid of cells found among rows `first` to `last` (inclusive)."""

    first: int
    last: int
    cells: tuple[tuple[str, ...], ...]


def find(stacked: Sequence[Row], unit: float) -> list[FoundTable]:
    """Find the tables among the rows of a column.

    Args:
        stacked: Rows from top to bottom, their pieces from left to right.
        unit: Height of the running text, in pixels.
    """
    tidy = [_tidy(row, unit) for row in stacked]
    tables = []
    for first, last in _runs(tidy, unit):
        cells = _grid(tidy[first : last + 1], unit)
        if cells is not None:
            tables.append(FoundTable(first, last, cells))
    return tables


def _tidy(row: Row, unit: float) -> Row:
    """Join the pieces of a row that are one cell: markers, currency signs, percent signs, narrow gaps."""
    result: Row = []
    for piece in row:
        before = result[-1] if result else None
        if before is not None:
            gap = piece.box.left - before.box.right
            sign = _CURRENCY.match(before.text) or (before.text == "S" and _NUMBER.match(piece.text))
            if (sign and _NUMBER.match(piece.text)) or (_TAIL.match(piece.text) and gap < 2 * unit):
                text = ("$" if before.text == "S" else before.text) + piece.text
                result[-1] = _merged(before, piece, text)
                continue
            if (gap < 0.5 * unit and not _CURRENCY.match(piece.text)) or (
                _MARKER.match(before.text) and gap < 4 * unit
            ):
                result[-1] = _merged(before, piece, f"{before.text} {piece.text}")
                continue
        result.append(piece)
    return result


def _merged(a: Line, b: Line, text: str) -> Line:
    # The number's place is the cell's place: a currency sign may stand far to its left.
    box = b.box if len(a.text) == 1 and not a.text.isalnum() else union((a.box, b.box))
    return Line(text=text, box=Box(box.left, min(a.box.top, b.box.top), box.right, max(a.box.bottom, b.box.bottom)))


def _runs(stacked: Sequence[Row], unit: float) -> list[tuple[int, int]]:
    """Return first and last rows of stretches where most rows have several cells, heads of one cell included."""
    result = []
    index = 0
    while index < len(stacked):
        if len(stacked[index]) < 2:
            index += 1
            continue
        first = last = index
        for following in range(index + 1, len(stacked)):
            if _gap(stacked[following - 1], stacked[following]) > 2 * unit:
                break
            if len(stacked[following]) > 1:
                last = following
            elif following - last > 1:
                break
        multiple = [row for row in stacked[first : last + 1] if len(row) > 1]
        if len(multiple) >= _LEAST_ROWS or (len(multiple) == 2 and min(map(len, multiple)) >= 3):
            first = _with_head(stacked, first, last, unit)
            result.append((first, last))
        index = last + 1
    return result


def _with_head(stacked: Sequence[Row], first: int, last: int, unit: float) -> int:
    """Return the first row once short lone pieces over the right-hand columns are counted in."""
    stub = min(row[0].box.left for row in stacked[first : last + 1])
    right = max(row[-1].box.right for row in stacked[first : last + 1])
    while first > 0:
        row = stacked[first - 1]
        over = len(row) == 1 and row[0].box.left > stub + 0.25 * (right - stub) and row[0].box.right <= right + unit
        if not over or _gap(row, stacked[first]) > unit:
            break
        first -= 1
    return first


def _gap(above: Row, below: Row) -> float:
    return min(piece.box.top for piece in below) - max(piece.box.bottom for piece in above)


def _grid(block: Sequence[Row], unit: float) -> tuple[tuple[str, ...], ...] | None:
    """Return the cells, or None if the pieces stand in no columns."""
    columns = _columns(block, unit)
    if len(columns) < 2:
        return None
    pieces = [piece for row in block for piece in row]
    if len(columns) == 2 and mean(len(piece.text) for piece in pieces) > _LONGEST_CELL:
        return None
    if all(is_item(row[0].text) for row in block if len(row) > 1) and len(columns) == 2:
        return None
    grid = [_cells(row, columns, unit) for row in block]
    used = [index for index in range(len(columns)) if any(cells[index] for cells in grid)]
    # A grid that is mostly holes is a figure's labels or an accident.
    holes = sum(not cells[index] for cells in grid for index in used) / (len(grid) * len(used))
    if len(used) < 2 or holes > 0.6:
        return None
    return tuple(tuple(cells[index] for index in used) for cells in grid)


def _columns(block: Sequence[Row], unit: float) -> list[tuple[float, float]]:
    """Return the extents of the columns: the stretches that pieces cover, but for the few that span several."""
    several = [row for row in block if len(row) > 1]
    most = max(map(len, several))
    # Rows with the most cells tell the columns; a piece of another row may span some of them.
    full = [row for row in several if len(row) >= max(2, most - 1)]
    spans = sorted((piece.box.left, piece.box.right) for row in full for piece in row)
    width = median(right - left for left, right in spans)
    columns: list[tuple[float, float]] = []
    for left, right in spans:
        if columns and left < columns[-1][1] - 0.2 * unit:
            if right - left <= 4 * max(width, unit) or right <= columns[-1][1]:
                columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _cells(row: Row, columns: Sequence[tuple[float, float]], unit: float) -> list[str]:
    cells = [""] * len(columns)
    claims = [_claimed(piece, row, columns, unit) for piece in row]
    for piece, claimed in zip(row, claims, strict=True):
        for index in claimed:
            cells[index] = f"{cells[index]} {piece.text}".strip()
    return cells


def _claimed(piece: Line, row: Row, columns: Sequence[tuple[float, float]], unit: float) -> list[int]:
    """Return the columns that a piece belongs to: several for a head centred over them."""
    shared = [overlap(piece.box.left, piece.box.right, left, right) for left, right in columns]
    home = max(range(len(columns)), key=lambda i: (shared[i], -abs(piece.box.centre - sum(columns[i]) / 2)))
    # The pieces of its row leave room for it up to their own columns.
    others = [other.box for other in row if other is not piece]
    low = max((box.right for box in others if box.centre < piece.box.centre), default=columns[0][1])
    high = min((box.left for box in others if box.centre > piece.box.centre), default=columns[-1][1] + unit)
    free = [i for i in range(1, len(columns)) if columns[i][0] >= low - unit and columns[i][1] <= high + unit]
    if home in free and len(free) > 1 and len(row) < len(columns) - 1 and not _NUMBER.match(piece.text):
        middle = (columns[free[0]][0] + columns[free[-1]][1]) / 2
        if abs(middle - piece.box.centre) < 1.5 * unit:
            return free
    return [home]
