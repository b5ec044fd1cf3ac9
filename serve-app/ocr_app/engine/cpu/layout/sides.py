"""What stands on the two sides of a gutter: columns, a list beside text, heads in the margin, or cells of a grid."""

from collections.abc import Callable, Sequence
from statistics import median

from ocr_app.engine.cpu.layout.addresses import are_addresses
from ocr_app.engine.cpu.layout.contents import are_contents
from ocr_app.engine.cpu.layout.line_ends import all_begin_anew, begins_anew
from ocr_app.engine.cpu.layout.rows import Row, rows
from ocr_app.engine.cpu.layout.types import Box, Line, Region, union

LEAST_ROWS = 3
"""Fewest rows of a column."""

_LEAST_WIDTH = 5.0
"""Narrowest column, in heights of the running text."""

_LEAST_WIDTH_OF_LIST = 2.5
_WIDEST_CELL = 8.0
_LONG = 6
"""Rows of running text that are more than a cell of a table has."""

_PITCH = 1.45
"""Between the lines of one text, in their heights."""

_IN_STEP = 0.2
"""Two lines stand on one line if their middles are no further apart, in heights of the running text."""

_TEXTS = frozenset({"text", "title", "reference", "figure_caption"})

SURELY_A_TABLE = 0.85
"""Score of the layout model from which on a table is one."""


def are_columns(left: Sequence[Line], right: Sequence[Line], unit: float, regions: Sequence[Region]) -> bool:
    """Whether two sides are read one after the other.

    They are if both are running text, addresses or contents; if one is running text and the other a list that goes its
    own way, or both are such lists; or if the layout model sees texts on both. They are not if it sees one table over
    both, except long running text, which it takes for a table where rules part the columns.
    """
    if are_addresses(left, right) or are_contents(left, right):
        return True
    if _one_table(left, right, regions) and not (_is_long(left) and _is_long(right)):
        return False
    if _are_texts(left, regions) and _are_texts(right, regions):
        return True
    step = in_step(left, right, unit)
    if min(len(rows(left)), len(rows(right))) < LEAST_ROWS:
        # A date beside an address.
        return (_is_list(left, unit) or _is_list(right, unit)) and step == 0
    running = is_running_text(left, unit), is_running_text(right, unit)
    if all(running):
        return step <= 0.8 or not (_are_cells(left, unit) or _are_cells(right, unit))
    if any(running):
        return _is_list(right if running[0] else left, unit) and step <= 0.5
    return _is_list(left, unit) and _is_list(right, unit) and step <= 0.25


def has_margin_heads(left: Sequence[Line], right: Sequence[Line], unit: float, regions: Sequence[Region]) -> bool:
    """Whether the left side holds heads of the paragraphs on the right, each beside its first line."""
    if not is_running_text(right, unit) or _one_table(left, right, regions):
        return False
    words = [line for line in left if sum(character.isalnum() for character in line.text) >= 4]
    if len(words) < 0.7 * len(left):
        return False
    groups = heads(left)
    lines = sorted(right, key=lambda line: line.box.left)
    beside = [
        next((line for line in lines if abs(line.box.middle - _middle(group[0])) < _IN_STEP * unit), None)
        for group in groups
    ]
    begin = sum(line is not None and begins_anew(line.text) for line in beside)
    return len(groups) >= 2 and sum(map(len, groups)) <= 0.6 * len(rows(right)) and begin >= 0.7 * len(groups)


def heads(margin: Sequence[Line]) -> list[list[Row]]:
    """Group the rows of a margin: those that follow each other as lines of one text do are one head."""
    result: list[list[Row]] = []
    for row in rows(margin):
        height = union(piece.box for piece in row).height
        if result and _middle(row) - _middle(result[-1][-1]) < _PITCH * height:
            result[-1].append(row)
        else:
            result.append([row])
    return result


def is_running_text(side: Sequence[Line], unit: float, least_rows: int = LEAST_ROWS) -> bool:
    """Whether lines look like running text (in one column or several) and not like cells, labels or numbers."""
    lines = rows(side)
    if len(lines) < least_rows:
        return False
    around = union(line.box for line in side)
    widths = [row[-1].box.right - row[0].box.left for row in lines]
    if median(widths) < _LEAST_WIDTH * unit:
        return False
    filled = sum(
        line.box.width >= 0.6 * widest
        for column in _beginning_together(side, unit)
        for widest in (max(other.box.width for other in column),)
        for line in column
    ) / len(side)
    covered = median(
        sum(piece.box.width for piece in row) / max(1.0, width) for row, width in zip(lines, widths, strict=True)
    )
    dense = sum(median(piece.box.height for piece in row) for row in lines) / max(1.0, around.height)
    return filled >= 0.4 and covered >= 0.75 and dense >= 0.35 and _letters(side) >= 0.5


def _is_long(side: Sequence[Line]) -> bool:
    """Whether more lines follow each other than the cells of a table have, many of them in the midst of a sentence."""
    going_on = sum(not begins_anew(line.text) for line in side)
    return max(map(len, heads(side)), default=0) >= _LONG and going_on >= 0.4 * len(side)


def _beginning_together(side: Sequence[Line], unit: float) -> list[list[Line]]:
    """Group lines whose left ends are near each other, as those of a column are."""
    result: list[list[Line]] = []
    for line in sorted(side, key=lambda piece: piece.box.left):
        if result and line.box.left - result[-1][-1].box.left < unit:
            result[-1].append(line)
        else:
            result.append([line])
    return result


def _is_list(side: Sequence[Line], unit: float) -> bool:
    """Whether most rows are one piece of words each, and begin, end or are centred below each other."""
    lines = rows(side)
    if len(lines) < LEAST_ROWS or sum(len(row) == 1 for row in lines) < 0.8 * len(lines) or _letters(side) < 0.5:
        return False
    if median(line.box.width for line in side) < _LEAST_WIDTH_OF_LIST * unit:
        return False
    edges: tuple[Callable[[Box], float], ...] = (lambda box: box.left, lambda box: box.right, lambda box: box.centre)
    return any(
        sum(abs(edge(row[0].box) - usual) < 0.6 * unit for row in lines) >= 0.7 * len(lines)
        for edge in edges
        for usual in (median(edge(row[0].box) for row in lines),)
    )


def _are_cells(side: Sequence[Line], unit: float) -> bool:
    """Whether all lines are short and none goes on with the one before it."""
    return all_begin_anew(side) and median(line.box.width for line in side) < _WIDEST_CELL * unit


def in_step(left: Sequence[Line], right: Sequence[Line], unit: float) -> float:
    """Return how many rows of the side with fewer of them stand on one line with a row of the other, as a share."""
    few, many = sorted((rows(left), rows(right)), key=len)
    middles = [_middle(row) for row in many]
    return sum(any(abs(_middle(row) - middle) < _IN_STEP * unit for middle in middles) for row in few) / len(few)


def _middle(row: Row) -> float:
    return union(piece.box for piece in row).middle


def _letters(side: Sequence[Line]) -> float:
    """Return the share of letters among the characters that are no spaces."""
    letters = sum(character.isalpha() for line in side for character in line.text)
    return letters / (sum(not character.isspace() for line in side for character in line.text) or 1)


def _are_texts(side: Sequence[Line], regions: Sequence[Region]) -> bool:
    """Whether most lines of one side are in texts that the layout model sees there and that do not reach beyond it."""
    if len(rows(side)) < 2:
        return False
    around = union(line.box for line in side)
    texts = [
        region.box
        for region in regions
        if region.label in _TEXTS
        and region.box.left > around.left - 0.05 * around.width
        and region.box.right < around.right + 0.05 * around.width
    ]
    return sum(any(box.holds(line.box) for box in texts) for line in side) >= 0.75 * len(side)


def _one_table(left: Sequence[Line], right: Sequence[Line], regions: Sequence[Region]) -> bool:
    for region in regions:
        if region.label == "table" and region.score >= SURELY_A_TABLE:
            held = [sum(region.box.holds(line.box) for line in side) for side in (left, right)]
            if min(held) >= 2 and sum(held) >= 0.6 * (len(left) + len(right)):
                return True
    return False
