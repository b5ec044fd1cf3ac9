"""All of a page: lines in, blocks in reading order out."""

import dataclasses
from collections.abc import Sequence

from ocr_app.engine.cpu.layout import code, headings, lists, paragraphs, tables, watermarks
from ocr_app.engine.cpu.layout.columns import in_columns
from ocr_app.engine.cpu.layout.dropcaps import with_initials
from ocr_app.engine.cpu.layout.furniture import Parts
from ocr_app.engine.cpu.layout.line_ends import all_begin_anew, is_verse, line_ends
from ocr_app.engine.cpu.layout.rows import Row, join, rows
from ocr_app.engine.cpu.layout.spaces import repair
from ocr_app.engine.cpu.layout.types import Block, Box, Line, Region, overlap, text_height, union

_NARROW = 0.5
"""Share of the page's measure below which a column has only short lines."""


_RAGGED = 0.15
"""Share of a column's width that lines of running text leave free at most, but for a paragraph's last one."""


def all_blocks(parts: Parts, width: float, height: float, regions: Sequence[Region] = ()) -> list[Block]:
    """Return the blocks of a page with its furniture, one block a row: heads first, feet and then margins last.

    Args:
        parts: The lines of a straightened page.
        width: Of the page, in pixels.
        height: Of the page, in pixels.
        regions: What the layout model sees on it.
    """
    head, after = (
        [Block(piece.kind, piece.text, piece.box) for piece in group]
        for group in (parts.head, (*parts.foot, *parts.margin))
    )
    return [*head, *blocks(parts.body, width, height, regions), *after]


def blocks(lines: Sequence[Line], width: float, height: float, regions: Sequence[Region] = ()) -> list[Block]:
    """Return a page's headings, paragraphs, list items, tables, code and pictures in reading order.

    Watermarks and lines that run up or down beside everything else come last, one paragraph each.

    Args:
        lines: In any order, of a straightened page; without its furniture (see `furniture.py`).
        width: Of the page, in pixels.
        height: Of the page, in pixels.
        regions: What the layout model sees on it.
    """
    text, marks = watermarks.parted(lines)
    tidy = [dataclasses.replace(line, text=repair(line.text)) for line in text]
    tidy, beside = _upright(tidy)
    unit = text_height(tidy)
    tidy = with_initials([line for line in tidy if line.text], unit)
    parts = in_columns(tidy, unit, regions)
    columns = [[line for line in part if line.text] for part in parts]
    result: list[Block] = []
    for part, column in zip(parts, columns, strict=True):
        found = _column(column, _right(column, columns, width, unit), unit, regions) if column else []
        result += _with_pictures(found, [line.box for line in part if not line.text])
    return result + [Block("paragraph", repair(line.text), line.box) for line in (*marks, *beside) if line.text]


def _upright(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Split off the lines that run up or down on the left or right of all others, and so belong to no row of theirs."""
    level = [line.box for line in lines if not line.vertical]
    if not level:
        return lines, []
    around = union(level)
    beside = [
        line for line in lines if line.vertical and (line.box.right <= around.left or line.box.left >= around.right)
    ]
    apart = set(map(id, beside))
    return [line for line in lines if id(line) not in apart], beside


def _with_pictures(blocks: list[Block], pictures: Sequence[Box]) -> list[Block]:
    """Put each picture of a column before the first block that is below its middle."""
    result = list(blocks)
    for box in sorted(pictures, key=lambda picture: picture.middle):
        place = next((i for i, block in enumerate(result) if block.box.middle > box.middle), len(result))
        result.insert(place, Block("picture", "", box))
    return result


def _right(column: Sequence[Line], columns: Sequence[Sequence[Line]], width: float, unit: float) -> float:
    """Return how far to the right a column's lines could go.

    That is where the longest line of running text ends. But the lines of a list end on purpose: they could go on up to
    the text beside it, or as far from the page's right edge as the text begins from its left.
    """
    around = union(line.box for line in column)
    if _is_running(column, around):
        return around.right
    others = [line for other in columns for line in other]
    beside = [
        line.box.left
        for line in others
        if line.box.left > around.right and overlap(line.box.top, line.box.bottom, around.top, around.bottom)
    ]
    if beside:
        return max(around.right, min(beside) - unit)
    possible = width - min(line.box.left for line in others)
    narrow = around.width < _NARROW * (possible - around.left)
    return max(possible, around.right) if narrow or all_begin_anew(column) else around.right


def _is_running(column: Sequence[Line], around: Box) -> bool:
    """Whether most lines end near the longest one, in the midst of a sentence."""
    near = sum(around.right - line.box.right < _RAGGED * around.width for line in column)
    return 2 * near > len(column) and not all_begin_anew(column)


def _column(lines: Sequence[Line], right: float, unit: float, regions: Sequence[Region]) -> list[Block]:
    stacked = rows(lines)
    result: list[Block] = []
    start = 0
    for table in tables.find(stacked, unit):
        result += _text_and_code(stacked[start : table.first], right, unit, regions)
        around = union(piece.box for row in stacked[table.first : table.last + 1] for piece in row)
        result.append(Block("table", "", around, rows=table.cells))
        start = table.last + 1
    return result + _text_and_code(stacked[start:], right, unit, regions)


def _text_and_code(stacked: Sequence[Row], right: float, unit: float, regions: Sequence[Region]) -> list[Block]:
    result: list[Block] = []
    start = 0
    for first, last in code.find(stacked, unit):
        result += _text(stacked[start:first], right, unit, regions)
        lines = stacked[first : last + 1]
        result.append(Block("code", code.text(lines), union(piece.box for row in lines for piece in row)))
        start = last + 1
    return result + _text(stacked[start:], right, unit, regions)


def _text(stacked: Sequence[Row], right: float, unit: float, regions: Sequence[Region]) -> list[Block]:
    result: list[Block] = []
    groups = paragraphs.group(lists.with_bullets([join(row) for row in stacked], unit), unit, regions)
    verse = is_verse(groups, right, unit)
    for group in groups:
        box = union(line.box for line in group)
        apart = not result or box.top - result[-1].box.bottom > 0.35 * unit
        ends = line_ends(group, right, unit, verse=verse)
        level = headings.level(group, unit, apart=apart, regions=() if any(ends) else regions)
        texts = [line.text for line in group]
        text = paragraphs.join_texts(texts, ends)
        if level:
            result.append(Block("heading", paragraphs.join_texts(texts), box, level=level))
        else:
            result.append(Block("item" if paragraphs.is_item(text) else "paragraph", text, box))
    return lists.nested(result, unit)
