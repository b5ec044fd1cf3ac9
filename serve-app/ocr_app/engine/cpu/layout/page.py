"""All of a page: lines in, blocks in reading order out."""

import dataclasses
from collections.abc import Sequence

from ocr_app.engine.cpu.layout import code, headings, lists, paragraphs, tables, watermarks
from ocr_app.engine.cpu.layout.columns import in_columns
from ocr_app.engine.cpu.layout.dropcaps import with_initials
from ocr_app.engine.cpu.layout.furniture import without_furniture
from ocr_app.engine.cpu.layout.line_ends import is_verse, line_ends
from ocr_app.engine.cpu.layout.rows import Row, join, rows
from ocr_app.engine.cpu.layout.spaces import repair
from ocr_app.engine.cpu.layout.types import Block, Line, overlap, text_height, union

_NARROW = 0.5
"""Share of the page's measure below which a column has only short lines."""


def blocks(lines: Sequence[Line], width: float, height: float) -> list[Block]:
    """Return a page's headings, paragraphs, list items, tables and code in reading order, and its watermarks last.

    Args:
        lines: In any order, of a straightened page.
        width: Of the page, in pixels.
        height: Of the page, in pixels.
    """
    text, marks = watermarks.parted(lines)
    tidy = [dataclasses.replace(line, text=repair(line.text)) for line in without_furniture(text, width, height)]
    unit = text_height(tidy)
    tidy = with_initials([line for line in tidy if line.text], unit)
    columns = in_columns(tidy, unit)
    result = [block for column in columns for block in _column(column, _right(column, columns, width), unit)]
    return result + [Block("paragraph", repair(mark.text), mark.box) for mark in marks]


def _right(column: Sequence[Line], columns: Sequence[Sequence[Line]], width: float) -> float:
    """Return how far to the right a column's lines could go.

    That is where the longest one ends; but on a page where all lines are short, as in a list, as far from the page's
    right edge as the column begins from its left.
    """
    around = union(line.box for line in column)
    beside = any(
        line.box.left > around.right and overlap(line.box.top, line.box.bottom, around.top, around.bottom)
        for other in columns
        for line in other
    )
    possible = width - around.left
    return possible if not beside and around.width < _NARROW * (possible - around.left) else around.right


def _column(lines: Sequence[Line], right: float, unit: float) -> list[Block]:
    stacked = rows(lines)
    result: list[Block] = []
    start = 0
    for table in tables.find(stacked, unit):
        result += _text_and_code(stacked[start : table.first], right, unit)
        around = union(piece.box for row in stacked[table.first : table.last + 1] for piece in row)
        result.append(Block("table", "", around, rows=table.cells))
        start = table.last + 1
    return result + _text_and_code(stacked[start:], right, unit)


def _text_and_code(stacked: Sequence[Row], right: float, unit: float) -> list[Block]:
    result: list[Block] = []
    start = 0
    for first, last in code.find(stacked, unit):
        result += _text(stacked[start:first], right, unit)
        lines = stacked[first : last + 1]
        result.append(Block("code", code.text(lines), union(piece.box for row in lines for piece in row)))
        start = last + 1
    return result + _text(stacked[start:], right, unit)


def _text(stacked: Sequence[Row], right: float, unit: float) -> list[Block]:
    result: list[Block] = []
    groups = paragraphs.group(lists.with_bullets([join(row) for row in stacked], unit), unit)
    verse = is_verse(groups, right, unit)
    for group in groups:
        box = union(line.box for line in group)
        apart = not result or box.top - result[-1].box.bottom > 0.35 * unit
        level = headings.level(group, unit, apart=apart)
        texts = [line.text for line in group]
        text = paragraphs.join_texts(texts, line_ends(group, right, unit, verse=verse))
        if level:
            result.append(Block("heading", paragraphs.join_texts(texts), box, level=level))
        else:
            result.append(Block("item" if paragraphs.is_item(text) else "paragraph", text, box))
    return lists.nested(result, unit)
