"""All of a page: lines in, blocks in reading order out."""

import dataclasses
from collections.abc import Sequence

from ocr_app.engine.cpu.layout import headings, paragraphs, tables
from ocr_app.engine.cpu.layout.columns import in_columns
from ocr_app.engine.cpu.layout.dropcaps import with_initials
from ocr_app.engine.cpu.layout.furniture import without_furniture
from ocr_app.engine.cpu.layout.rows import Row, join, rows
from ocr_app.engine.cpu.layout.spaces import repair
from ocr_app.engine.cpu.layout.types import Block, Line, text_height, union


def blocks(lines: Sequence[Line], width: float, height: float) -> list[Block]:
    """Return a page's headings, paragraphs, list items and tables in reading order.

    Args:
        lines: In any order, of a straightened page.
        width: Of the page, in pixels.
        height: Of the page, in pixels.
    """
    tidy = [dataclasses.replace(line, text=repair(line.text)) for line in without_furniture(lines, width, height)]
    unit = text_height(tidy)
    tidy = with_initials([line for line in tidy if line.text], unit)
    return [block for column in in_columns(tidy, unit) for block in _column(column, unit)]


def _column(lines: Sequence[Line], unit: float) -> list[Block]:
    stacked = rows(lines)
    result: list[Block] = []
    start = 0
    for table in tables.find(stacked, unit):
        result += _text(stacked[start : table.first], unit)
        around = union(piece.box for row in stacked[table.first : table.last + 1] for piece in row)
        result.append(Block("table", "", around, rows=table.cells))
        start = table.last + 1
    return result + _text(stacked[start:], unit)


def _text(stacked: Sequence[Row], unit: float) -> list[Block]:
    result: list[Block] = []
    for group in paragraphs.group([join(row) for row in stacked], unit):
        box = union(line.box for line in group)
        apart = not result or box.top - result[-1].box.bottom > 0.35 * unit
        level = headings.level(group, unit, apart=apart)
        text = paragraphs.join_texts(line.text for line in group)
        if level:
            result.append(Block("heading", text, box, level=level))
        else:
            result.append(Block("item" if paragraphs.is_item(text) else "paragraph", text, box))
    return result
