"""The cells of a table: which pieces belong to which column, heads over several columns, cells of several lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median

from ocr_app.engine.cpu.layout import pieces
from ocr_app.engine.cpu.layout.line_ends import has_room
from ocr_app.engine.cpu.layout.paragraphs import join_texts
from ocr_app.engine.cpu.layout.rows import Row
from ocr_app.engine.cpu.layout.types import Line, overlap

_TIGHT = 1.25
"""Distance of two lines of one cell at most, in heights of the running text."""

_STEP = 0.15
"""How much farther apart, in heights of the running text, the rows of a table are than the lines of a cell."""

_OFF = 0.75
"""How far off, in heights of the running text, a head may stand from the columns that it is over."""

_ENOUGH = 3
"""Rows that tell the columns on their own, if half of all have as many cells."""

Columns = Sequence[tuple[float, float]]
"""Left and right edges of each column, in pixels."""


@dataclass(slots=True)
class _Row:
    """A row as it stands on the page: the pieces in each column; a piece over several columns is in each."""

    middle: float
    cells: list[list[Line]]
    over_several: bool

    @property
    def filled(self) -> set[int]:
        return {index for index, cell in enumerate(self.cells) if cell}


def columns(block: Sequence[Row], unit: float) -> list[tuple[float, float]]:
    """Return the extents of the columns: the stretches that pieces cover, but for the few that span several."""
    several = [row for row in block if len(row) > 1]
    most = max(map(len, several))
    # Rows with the most cells tell the columns; a piece of another row may span some of them.
    full = [row for row in several if len(row) == most]
    nearly = [row for row in several if len(row) == max(2, most - 1)]
    if len(full) < max(_ENOUGH, len(several) / 2):
        full, nearly = [row for row in several if len(row) >= max(2, most - 1)], []
    spans = sorted((piece.box.left, piece.box.right) for row in full for piece in row)
    width = median(right - left for left, right in spans)
    result: list[tuple[float, float]] = []
    for left, right in spans:
        if result and left < result[-1][1] - 0.2 * unit:
            if right - left <= 4 * max(width, unit) or right <= result[-1][1]:
                result[-1] = (result[-1][0], max(result[-1][1], right))
        else:
            result.append((left, right))
    return _widened(result, [piece for row in nearly for piece in row])


def _widened(columns: list[tuple[float, float]], others: Sequence[Line]) -> list[tuple[float, float]]:
    """Return columns that take in the pieces that lie over one of them alone, such as dates over narrower amounts."""
    result = list(columns)
    for piece in others:
        left, right = piece.box.left, piece.box.right
        over = [index for index, column in enumerate(columns) if overlap(left, right, *column) > 0]
        if len(over) == 1:
            result[over[0]] = min(result[over[0]][0], left), max(result[over[0]][1], right)
    return result


def fill(block: Sequence[Row], extents: Columns, unit: float) -> list[list[str]]:
    """Return the texts of the cells, equally many in each row.

    A head over several columns is repeated in each, because Markdown has no spans. Lines of the page that hold the rest
    of cells above belong to the row of those.

    Args:
        block: The rows of a table as they stand on the page.
        extents: Of its columns.
        unit: Height of the running text, in pixels.
    """
    amounts = (index for index, row in enumerate(block) if any(pieces.is_amount(piece.text) for piece in row[1:]))
    body = next(amounts, 0)
    placed = [_placed(row, extents, unit, head=index < body) for index, row in enumerate(block)]
    _spread_heads(block, placed, extents, unit)
    result = []
    for group in _logical(_with_labels_on_top(placed, body), extents, unit):
        lines = [[piece for row in group for piece in row.cells[index]] for index in range(len(extents))]
        result.append([join_texts(piece.text for piece in cell) for cell in lines])
    return result


def _with_labels_on_top(placed: list[_Row], body: int) -> list[_Row]:
    """Put heads of the first columns, below heads of the others, into the first row: they span the rows of the heads.

    Args:
        placed: Rows from top to bottom.
        body: Index of the first row with amounts.
    """
    for index in range(1, body):
        above = set().union(*(row.filled for row in placed[:index]))
        filled = placed[index].filled
        if above and len(filled) >= 2 and max(filled) < min(above):
            for column in filled:
                placed[0].cells[column] = placed[index].cells[column]
            return placed[:index] + placed[index + 1 :]
    return placed


def _placed(row: Row, extents: Columns, unit: float, *, head: bool) -> _Row:
    result: list[list[Line]] = [[] for _ in extents]
    several = False
    for piece in row:
        claimed = _claimed(piece, row, extents, unit, head=head)
        several = several or len(claimed) > 1
        for index in claimed:
            result[index].append(piece)
    return _Row(mean(piece.box.middle for piece in row), result, several)


def _home(piece: Line, extents: Columns) -> int:
    shared = [overlap(piece.box.left, piece.box.right, left, right) for left, right in extents]
    return max(range(len(extents)), key=lambda i: (shared[i], -abs(piece.box.centre - sum(extents[i]) / 2)))


def _claimed(piece: Line, row: Row, extents: Columns, unit: float, *, head: bool) -> list[int]:
    """Return the columns that a piece belongs to: several for a head centred over them."""
    home = _home(piece, extents)
    # The pieces of its row leave room for it up to their own columns.
    others = [other.box for other in row if other is not piece]
    low = max((box.right for box in others if box.centre < piece.box.centre), default=extents[0][1])
    high = min((box.left for box in others if box.centre > piece.box.centre), default=extents[-1][1] + unit)
    free = [i for i in range(1, len(extents)) if extents[i][0] >= low - unit and extents[i][1] <= high + unit]
    begins = abs(piece.box.left - extents[home][0]) < 0.5 * unit
    centred = abs(piece.box.centre - sum(extents[home]) / 2) < 0.5 * unit
    # What is centred over all columns is so over the one in the middle too.
    own = begins and not centred if head else begins or centred
    if home in free and len(free) > 1 and len(row) < len(extents) - 1 and not own and not pieces.is_number(piece.text):
        middle = (extents[free[0]][0] + extents[free[-1]][1]) / 2
        if abs(middle - piece.box.centre) < 1.5 * unit:
            return free
    return [home]


def _spread_heads(block: Sequence[Row], placed: Sequence[_Row], extents: Columns, unit: float) -> None:
    """Put the pieces of head rows that have fewer cells than the row below them over all their columns."""
    below = next((index for index, row in enumerate(block) if len(row) >= len(extents) - 1), 0)
    for index in range(below - 1, -1, -1):
        heads = block[index]
        if any(pieces.is_amount(piece.text) for piece in heads):
            return
        if len(heads) == 1 and placed[index].over_several:
            continue
        ranges = _ranges(heads, extents, placed[index + 1], unit)
        if ranges is None:
            continue
        placed[index].cells = [
            [piece for piece, (first, last) in zip(heads, ranges, strict=True) if first <= column <= last]
            for column in range(len(extents))
        ]
        placed[index].over_several = any(first < last for first, last in ranges)


def _ranges(heads: Row, extents: Columns, under: _Row, unit: float) -> list[tuple[int, int]] | None:
    """Return the first and last column of each head; None if they stand over no columns so.

    The heads share the right-hand columns among them, each centred over its own, or each beginning with its own.
    """
    last = max(index for index in range(len(extents)) if under.cells[index])
    amounts = any(pieces.is_amount(piece.text) for cell in under.cells[1:] for piece in cell)
    best: list[tuple[int, int]] | None = None
    least = _OFF * unit
    for begin in range(last + 1):
        for ranges in _splits(begin, last, len(heads)):
            spans = [(extents[first][0], extents[end][1]) for first, end in ranges]
            off = [piece.box.centre - sum(span) / 2 for piece, span in zip(heads, spans, strict=True)]
            # Numbers at the right edges of their columns move all middles alike.
            moved = mean(off) if len(heads) > 1 else 0.0
            centred = max(abs(by - moved) for by in off) + 0.2 * abs(moved)
            left = max(_begins(piece, extents[first], unit) for piece, (first, _) in zip(heads, ranges, strict=True))
            worst = centred if amounts else min(centred, left)
            if worst < least:
                best, least = ranges, worst
    return best


def _begins(head: Line, column: tuple[float, float], unit: float) -> float:
    """Return how far a head is from beginning with a column; as good as not at all if it is centred over that alone."""
    off = abs(head.box.left - column[0])
    return off if off < abs(head.box.centre - sum(column) / 2) else unit


def _splits(first: int, last: int, parts: int) -> list[list[tuple[int, int]]]:
    """Return all ways to split columns into a number of neighbouring ranges."""
    if parts == 1:
        return [[(first, last)]] if first <= last else []
    return [
        [(first, end), *rest] for end in range(first, last - parts + 2) for rest in _splits(end + 1, last, parts - 1)
    ]


def _logical(placed: Sequence[_Row], extents: Columns, unit: float) -> list[list[_Row]]:
    """Group the rows of the page into rows of the table."""
    steps = [below.middle - above.middle for above, below in pairwise(placed)]
    # Rows set off from each other: the lines of a cell are nearer. The widest distance that explains the table counts.
    levels = sorted(set(steps))
    for near, far in reversed(list(pairwise(levels))):
        if near <= _TIGHT * unit and far - near >= _STEP * unit:
            groups = _grouped(placed, [step <= near for step in steps])
            if all(map(_is_one_row, groups)):
                return groups
    joins = [_goes_on(above, below, extents, unit) for above, below in pairwise(placed)]
    return _grouped(placed, [join and step <= _TIGHT * unit for join, step in zip(joins, steps, strict=True)])


def _grouped(placed: Sequence[_Row], joins: Sequence[bool]) -> list[list[_Row]]:
    groups: list[list[_Row]] = []
    for row, join in zip(placed, [False, *joins], strict=True):
        if join:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _is_one_row(group: Sequence[_Row]) -> bool:
    """Whether rows of the page can be one row: some cell has one line, none has two numbers, no head spans columns."""
    if len(group) == 1:
        return True
    columns = list(zip(*(row.cells for row in group), strict=True))
    lines = [[piece for cell in column for piece in cell] for column in columns]
    return (
        not any(row.over_several for row in group)
        and any(len(cell) == 1 for cell in lines)
        and all(sum(pieces.is_number(piece.text) for piece in cell) <= 1 for cell in lines)
        and sum(map(bool, lines)) > 1
    )


def _goes_on(above: _Row, below: _Row, extents: Columns, unit: float) -> bool:
    """Whether a row without a label only holds the rest of cells that the row above had no room for."""
    if (
        not below.filled
        or 0 in below.filled
        or not below.filled <= above.filled
        or above.over_several
        or below.over_several
    ):
        return False
    return not any(
        pieces.is_number(piece.text)
        or piece.text[:1].isupper()
        or has_room(above.cells[index][-1], piece, extents[index][1], unit)
        for index in below.filled
        for piece in below.cells[index]
    )
