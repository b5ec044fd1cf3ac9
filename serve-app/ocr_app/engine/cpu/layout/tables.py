"""Rows that form a grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median

from ocr_app.engine.cpu.layout import cells as grids
from ocr_app.engine.cpu.layout import pieces
from ocr_app.engine.cpu.layout.leaders import without_leaders
from ocr_app.engine.cpu.layout.paragraphs import is_item
from ocr_app.engine.cpu.layout.rows import Row
from ocr_app.engine.cpu.layout.types import Line

_LEAST_ROWS = 3
_LONGEST_CELL = 45
"""Mean length of a cell, in characters, above which a grid of two columns is running text."""

_GAP = 2.0
"""Height of the gap, in heights of the running text, that no row of the same table has before it."""

_GAP_BEFORE_SUM = 5.0
"""The same for sums, whose numbers stand below the table's."""

_SET_OFF = 1.4
"""Steps from row to row of a table, from which on a row may begin another."""

_WIDER = 2.0
"""How much wider than its first line another line of a cell may be."""


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A grid of cells found among rows `first` to `last` (inclusive).

    The first row of `cells` is the head: empty texts if there is none.
    """

    first: int
    last: int
    cells: tuple[tuple[str, ...], ...]


def find(stacked: Sequence[Row], unit: float) -> list[FoundTable]:
    """Find the tables among the rows of a column.

    Args:
        stacked: Rows from top to bottom, their pieces from left to right.
        unit: Height of the running text, in pixels.
    """
    tidy = pieces.tidy(stacked, unit)
    tables = []
    for first, last in _runs(tidy, unit):
        # Rows of other tables do not tell where this one's cells are parted.
        cells = _grid(pieces.tidy(stacked[first : last + 1], unit), unit)
        if cells is not None:
            tables.append(FoundTable(first, last, cells))
    return tables


def _runs(stacked: Sequence[Row], unit: float) -> list[tuple[int, int]]:
    """Return first and last rows of stretches where most rows have several cells, heads of one cell included."""
    result = []
    index = 0
    while index < len(stacked):
        if len(stacked[index]) < 2:
            index += 1
            continue
        first, last = index, _last_row(stacked, index, unit)
        multiple = [row for row in stacked[first : last + 1] if len(row) > 1]
        if len(multiple) >= _LEAST_ROWS or (len(multiple) == 2 and min(map(len, multiple)) >= 3):
            first = _with_head(stacked, first, last, unit)
            result.append((first, last))
        index = last + 1
    return result


def _last_row(stacked: Sequence[Row], first: int, unit: float) -> int:
    """Return the last row of the table that may begin at a row: with several cells, or the rest of a cell above."""
    last = first
    lone = 0
    for index in range(first + 1, len(stacked)):
        row, above = stacked[index], stacked[first:index]
        gap = _gap(above[-1], row)
        if gap > (_GAP_BEFORE_SUM if _is_sum(row, above, unit) else _GAP) * unit:
            break
        if len(row) > 1:
            if _is_beside(row, above) or _begins_another(row, above, stacked[index + 1 : index + 3], unit):
                break
            last, lone = index, 0
        elif _inside_a_column(row[0], above, unit):
            if last == index - 1 and gap < 0.5 * unit:
                last = index
        elif lone:
            break
        else:
            lone += 1
    return last


def _is_beside(row: Row, above: Sequence[Row]) -> bool:
    """Whether a row stands on the right of all rows above, in none of their columns."""
    return row[0].box.left > max(other[-1].box.right for other in above)


def _begins_another(row: Row, above: Sequence[Row], below: Sequence[Row], unit: float) -> bool:
    """Whether a row is the first one of another table: set off, with columns of its own that the next row shares."""
    multiple = [other for other in above if len(other) > 1]
    if len(multiple) < _LEAST_ROWS - 1 or not below or len(below[0]) != len(row):
        return False
    steps = [_middle(lower) - _middle(upper) for upper, lower in pairwise(above)]
    if steps and _middle(row) - _middle(above[-1]) < _SET_OFF * median(steps) and len(above[-1]) > 1:
        return False
    shared = [
        2 * sum(any(pieces.aligned(piece, cell, unit) for cell in other) for other in multiple) >= len(multiple)
        for piece in row[1:]
    ]
    own = [pieces.aligned(piece, cell, unit) for piece, cell in zip(row[1:], below[0][1:], strict=True)]
    return 2 * sum(shared) <= len(shared) and 2 * sum(own) > len(own)


def _middle(row: Row) -> float:
    return mean(piece.box.middle for piece in row)


def _is_sum(row: Row, above: Sequence[Row], unit: float) -> bool:
    """Whether a row ends with a number that stands below the numbers of the rows above."""
    multiple = [other for other in above if len(other) > 1]
    return (
        len(row) > 1
        and pieces.is_number(row[-1].text)
        and not pieces.is_number(row[0].text)
        and len(multiple) > 1
        and any(
            pieces.is_number(piece.text) and pieces.aligned(piece, row[-1], unit)
            for other in multiple[-3:]
            for piece in other[1:]
        )
    )


def _inside_a_column(piece: Line, above: Sequence[Row], unit: float) -> bool:
    """Whether a lone piece stands below one of the right-hand cells of a row above, and below no other."""
    for row in [row for row in above if len(row) > 1][-4:]:
        for index, cell in enumerate(row[1:], start=1):
            free = index + 1 == len(row) or piece.box.right < row[index + 1].box.left
            # The rest of a cell is about as wide as its first line; running text is wider.
            narrow = piece.box.width <= _WIDER * cell.box.width
            if free and narrow and pieces.aligned(piece, cell, unit) and piece.box.left > row[index - 1].box.right:
                return True
    return False


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
    columns = grids.columns(block, unit)
    if len(columns) < 2:
        return None
    texts = [piece.text for row in block for piece in row]
    if len(columns) == 2 and mean(map(len, texts)) > _LONGEST_CELL:
        return None
    if len(columns) == 2 and all(is_item(row[0].text) and not is_item(row[1].text) for row in block if len(row) > 1):
        return None
    grid = grids.fill(block, columns, unit)
    # Labels in the margin of running text, which are pieces or, like the numbers of clauses, in one cell with it.
    if len(columns) == 2 and (
        _is_running_text([[piece.text for piece in row] for row in block]) or _is_running_text(grid)
    ):
        return None
    used = [index for index in range(len(columns)) if any(cells[index] for cells in grid)]
    # A grid that is mostly holes is a figure's labels or an accident.
    holes = sum(not cells[index] for cells in grid for index in used) / (len(grid) * len(used))
    if len(used) < 2 or holes > 0.6:
        return None
    result = without_leaders([[cells[index] for index in used] for cells in grid])
    if _has_no_head(result):
        result.insert(0, [""] * len(used))
    return tuple(map(tuple, result))


def _is_running_text(texts: Sequence[Sequence[str]]) -> bool:
    """Whether most rows have one text alone, and these are long."""
    lone = [filled[0] for row in texts if len(filled := [text for text in row if text]) == 1]
    return 2 * len(lone) >= len(texts) and mean(map(len, lone)) > _LONGEST_CELL


def _has_no_head(grid: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is like the others: it has an amount where all have one, or a label with a colon."""
    first, *others = grid
    if first[0].endswith(":"):
        return True
    for cell, *column in list(zip(first, *others, strict=True))[1:]:
        below = [text for text in column if text]
        numbers = sum(map(pieces.is_number, below))
        if pieces.is_amount(cell) and len(below) > 1 and numbers > 0.7 * len(below):
            return True
    return False
