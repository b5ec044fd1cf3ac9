"""Pieces of a row to cells: currency signs, percent signs and list markers join what they belong to, leaders go."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, pairwise, takewhile
from statistics import median
from typing import NamedTuple

from ocr_app.engine.cpu.layout.rows import Row
from ocr_app.engine.cpu.layout.types import Box, Line, union

_MARKER = re.compile(r"^(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\[\d{1,3}\]|[•‣▪■●○◦☐☑*–-])$")
_CURRENCY = re.compile(r"^[$€£¥]$")
_NUMBER = re.compile(r"^[(+−–-]?[$€£¥]?\s*[\d.,]*\d[\d.,]*\s*[%)]*$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_TAIL = re.compile(r"^[%)]+$")
_LEADER = re.compile(r"^(?:[.…·_\s-]{3,}|([mnu])\1{4,})$")
"""Dots from a title to its page; the recognizer takes a long row of them for letters."""

_EDGE = 0.35
"""Edges of cells of one column differ by less, in heights of the running text."""

_GAPS = 3
"""Rows with a wide gap in the same place that make one of a narrow gap."""


class Part(NamedTuple):
    """A wide gap between neighbouring pieces.

    Attributes:
        before: Left edge of the piece on its left.
        left: Where it begins.
        right: Where it ends: the left edge of the piece on its right.
        numbers: Whether the pieces on its left and right are numbers.
    """

    before: float
    left: float
    right: float
    numbers: tuple[bool, bool]


Parts = Sequence[Part]


def is_number(text: str) -> bool:
    """Whether a cell is an amount or another number."""
    return bool(_NUMBER.match(text))


def is_amount(text: str) -> bool:
    """Whether a cell is a number, and not a year, which heads have."""
    return is_number(text) and not _YEAR.match(text)


def aligned(a: Line, b: Line, unit: float) -> bool:
    """Whether two pieces have their left or right edges, or their middles, below each other."""
    return (
        min(abs(a.box.left - b.box.left), abs(a.box.right - b.box.right), abs(a.box.centre - b.box.centre)) < 0.6 * unit
    )


def tidy(stacked: Sequence[Row], unit: float) -> list[Row]:
    """Join the pieces of each row that are one cell.

    Args:
        stacked: Rows from top to bottom, their pieces from left to right.
        unit: Height of the running text, in pixels.
    """
    parts = [
        Part(before.box.left, before.box.right, piece.box.left, (is_number(before.text), is_number(piece.text)))
        for row in stacked
        for before, piece in pairwise(row)
        if piece.box.left - before.box.right > 0.5 * unit
    ]
    numbers = [[piece.box.centre for piece in takewhile(_is_piece_a_number, reversed(row))][::-1] for row in stacked]
    body = next((index for index, middles in enumerate(numbers) if middles), len(stacked))
    return [
        row
        if _are_heads(row, numbers[index + 1 :], unit)
        else _tidy(_parted(row, parts, unit, head=index < body), parts, unit)
        for index, row in enumerate(stacked)
    ]


def _is_piece_a_number(piece: Line) -> bool:
    return is_number(piece.text)


def _are_heads(row: Row, below: Sequence[Sequence[float]], unit: float) -> bool:
    """Whether a row has a word for each column of numbers below, in its place or all of them moved by as much.

    Args:
        row: From left to right.
        below: Of each row below: the middles of the numbers that it ends with.
        unit: Height of the running text, in pixels.
    """
    if len(row) < 2 or any(map(_is_piece_a_number, row)):
        return False
    alike = list(islice((middles for middles in below if len(middles) == len(row)), _GAPS))
    if len(alike) < _GAPS:
        return False
    off = [piece.box.centre - median(middles) for piece, middles in zip(row, zip(*alike, strict=True), strict=True)]
    return bool(max(off) - min(off) < unit)


def _are_cells(left: float, begin: float, parts: Parts, unit: float) -> bool:
    """Whether two other rows have cells that begin at both places."""
    return sum(abs(left - part.before) < _EDGE * unit and abs(begin - part.right) < _EDGE * unit for part in parts) > 1


def _is_gap(left: float, right: float, parts: Parts) -> bool:
    """Whether other rows have a wide gap where this one is, as columns that end below each other have."""
    middle = (left + right) / 2
    return sum(part.left <= middle <= part.right for part in parts) >= _GAPS


def _parted(row: Row, parts: Parts, unit: float, *, head: bool) -> Row:
    """Part pieces that hold two cells, because the space between them is no wider than one between words.

    Below the heads, words do not end in a column of numbers; a label that is longer than the others reaches over it.
    """
    if len(row) < 2:
        return row
    result: Row = []
    for piece in row:
        rest = piece
        while (cut := _cut(rest, parts, unit, head=head)) is not None:
            before, rest = _halves(rest, cut)
            result.append(before)
        result.append(rest)
    return result


def _cut(piece: Line, parts: Parts, unit: float, *, head: bool) -> int | None:
    """Return the first space of a piece with a letter after it that begins where cells of two other rows do."""
    if len(piece.positions) != len(piece.text):
        return None
    half = piece.box.width / len(piece.text) / 2
    for index, character in enumerate(piece.text[:-1]):
        begin = piece.positions[index + 1] - half
        if character == " ":
            numbers = is_number(piece.text[:index]), is_number(piece.text[index + 1 :].split(" ")[0])
            alike = parts if head else [part for part in parts if part.numbers == numbers]
            if _are_cells(piece.box.left, begin, alike, unit):
                return index
    return None


def _halves(piece: Line, cut: int) -> tuple[Line, Line]:
    half = piece.box.width / len(piece.text) / 2
    end, begin = piece.positions[cut - 1] + half, piece.positions[cut + 1] - half
    box = piece.box
    return (
        replace(piece, text=piece.text[:cut], box=replace(box, right=end), positions=piece.positions[:cut]),
        replace(piece, text=piece.text[cut + 1 :], box=replace(box, left=begin), positions=piece.positions[cut + 1 :]),
    )


def _tidy(row: Row, parts: Parts, unit: float) -> Row:
    result: Row = []
    for index, piece in enumerate(row):
        before = result[-1] if result else None
        if before is not None:
            if _LEADER.match(piece.text) and index + 1 < len(row):
                continue
            gap = piece.box.left - before.box.right
            sign = _CURRENCY.match(before.text) or (before.text == "S" and is_number(piece.text))
            if (sign and is_number(piece.text)) or (_TAIL.match(piece.text) and gap < 2 * unit):
                text = ("$" if before.text == "S" else before.text) + piece.text
                result[-1] = _merged(before, piece, text)
                continue
            # A gap as narrow as a space still parts two cells where cells of other rows begin.
            narrow = (
                gap < 0.5 * unit
                and not _are_cells(before.box.left, piece.box.left, parts, unit)
                and not _is_gap(before.box.right, piece.box.left, parts)
            )
            if (narrow and not _CURRENCY.match(piece.text)) or (_MARKER.match(before.text) and gap < 4 * unit):
                result[-1] = _merged(before, piece, f"{before.text} {piece.text}")
                continue
        result.append(piece)
    return result


def _merged(a: Line, b: Line, text: str) -> Line:
    # The number's place is the cell's place: a currency sign may stand far to its left.
    box = b.box if len(a.text) == 1 and not a.text.isalnum() else union((a.box, b.box))
    return Line(text=text, box=Box(box.left, min(a.box.top, b.box.top), box.right, max(a.box.bottom, b.box.bottom)))
