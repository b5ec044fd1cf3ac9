"""The lines of a table whose cells are known, but not where they are."""

from collections.abc import Iterator, Sequence

from ocr_app.documents.text_layer.crop import Crop
from ocr_app.documents.text_layer.ink import Ink, Strip, measures_of, segments_of, strips_of, without_rules
from ocr_app.documents.text_layer.share import share_out
from ocr_app.documents.text_layer.types import Box

_CELL_GAP = 0.8
"""Least width of a gap between cells, in line heights; one between words is a third of it."""


def table_lines(crop: Crop, rows: Sequence[Sequence[str]]) -> list[tuple[str, Box]]:
    """Return the lines of a table with their places.

    A row whose ink has as many pieces as it has cells is placed cell by cell; any other one is shared out over its
    lines as a whole.

    Args:
        crop: Shows the table.
        rows: The texts of its cells; none is empty.

    Returns:
        Nothing if its rows are not to be seen.
    """
    ink = without_rules(crop.ink)
    strips = strips_of(ink, len(rows))
    if len(strips) < len(rows):
        return []
    return [
        (text, crop.box(strip))
        for row, lines in zip(rows, _grouped(strips, len(rows)), strict=True)
        for text, strip in _row(ink, row, lines)
    ]


def _grouped(strips: Sequence[Strip], rows: int) -> list[Sequence[Strip]]:
    """Return the lines of each row: between rows are the widest gaps."""
    gaps = sorted(range(1, len(strips)), key=lambda index: strips[index - 1].bottom - strips[index].top)
    starts = [0, *sorted(gaps[: rows - 1])]
    return [strips[start:end] for start, end in zip(starts, [*starts[1:], len(strips)], strict=True)]


def _row(ink: Ink, cells: Sequence[str], lines: Sequence[Strip]) -> Iterator[tuple[str, Strip]]:
    whole = Strip(
        lines[0].top,
        lines[-1].bottom,
        min(line.left for line in lines),
        max(line.right for line in lines),
    )
    line_height = sum(line.height for line in lines) / len(lines)
    pieces = segments_of(ink, whole, _CELL_GAP * line_height / whole.height)
    if len(pieces) != len(cells):
        yield from zip(share_out(" ".join(cells), _widths(ink, lines)), lines, strict=True)
        return
    for cell, piece in zip(cells, pieces, strict=True):
        inside = [_within(ink, piece, line) for line in lines]
        found = [line for line in inside if line.right > line.left] or [piece]
        yield from zip(share_out(cell, _widths(ink, found)), found, strict=True)


def _widths(ink: Ink, lines: Sequence[Strip]) -> list[float]:
    return [measure.width for measure in measures_of(ink, lines)]


def _within(ink: Ink, piece: Strip, line: Strip) -> Strip:
    """Return the part of a line that is in a column; without a width if there is no ink."""
    columns = ink[line.top : line.bottom, piece.left : piece.right].any(axis=0).nonzero()[0]
    if not len(columns):
        return Strip(line.top, line.bottom, piece.left, piece.left)
    return Strip(line.top, line.bottom, piece.left + int(columns[0]), piece.left + int(columns[-1]) + 1)
