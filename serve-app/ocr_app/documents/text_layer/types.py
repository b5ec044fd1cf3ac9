"""What goes into a text layer, and what comes of it."""

import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ocr_app.ocr.layout_json import LayoutBlock

Point = tuple[float, float]
"""x and y, in pixels of the upright image of a page."""

Quad = tuple[Point, Point, Point, Point]
"""Corners of a line: top left, top right, bottom right and bottom left, as its text stands."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels of the upright image."""

Write = Callable[[bytes], object]
"""Takes the next piece of a result."""

Outcome = Literal["added", "replaced", "skipped", "failed"]

_TALL = 1.5
"""A box this much taller than wide holds text that runs up or down."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text and its place.

    Attributes:
        text: In logical order.
        quad: Its corners.
    """

    text: str
    quad: Quad


def line_in_box(text: str, box: Box, degrees: float = 0.0) -> TextLine:
    """Return a line by the upright box around it.

    Args:
        text: In logical order. In a box that is much taller than wide it runs upwards, as in the margins of books, or
            downwards if its characters fill squares, as in Chinese.
        box: Of the line.
        degrees: By how much the line sinks to the right, less than 45; counts for lines that run across.
    """
    left, top, right, bottom = box
    if bottom - top > _TALL * (right - left) and len(text) > 1:
        return line_upright(text, box)
    return TextLine(text, _slanted(box, degrees)) if degrees else line_across(text, box)


def line_across(text: str, box: Box) -> TextLine:
    """Return a line that runs across its box, whatever its shape."""
    left, top, right, bottom = box
    return TextLine(text, ((left, top), (right, top), (right, bottom), (left, bottom)))


def line_upright(text: str, box: Box) -> TextLine:
    """Return a line that runs upwards in its box, or downwards if its characters fill squares, as in Chinese."""
    first, second, third, fourth = line_across(text, box).quad
    if any(unicodedata.east_asian_width(character) in "WF" for character in text):
        return TextLine(text, (second, third, fourth, first))
    return TextLine(text, (fourth, first, second, third))


def _slanted(box: Box, degrees: float) -> Quad:
    """Return the slanted rectangle that a box is the upright one around."""
    left, top, right, bottom = box
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    around = right - left, bottom - top
    # around = (width * cos + height * |sin|, width * |sin| + height * cos), but for whole pixels.
    scale = cos * cos - sin * sin
    width = (around[0] * cos - around[1] * abs(sin)) / scale
    height = (around[1] * cos - around[0] * abs(sin)) / scale
    # A box that was cut at the edge of the page has less than it should.
    height = max(height, around[1] / 4)
    x, y = (left + right) / 2, (top + bottom) / 2
    along, down = (width / 2 * cos, width / 2 * sin), (-height / 2 * sin, height / 2 * cos)
    return (
        (x - along[0] - down[0], y - along[1] - down[1]),
        (x + along[0] - down[0], y + along[1] - down[1]),
        (x + along[0] + down[0], y + along[1] + down[1]),
        (x - along[0] + down[0], y - along[1] + down[1]),
    )


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page.

    Attributes:
        index: Of the page in the document, from 0.
        width: Of the upright image that the page was read from, in pixels.
        height: Of the same.
        lines: In reading order.
        blocks: If there are no lines, what the page says, block by block in reading order; the lines are then looked
            for in the page's image. Beside lines, blocks only say their order.
        quarter_turns: By how many quarter turns anticlockwise the image of the page was turned upright.
    """

    index: int
    width: float
    height: float
    lines: Sequence[TextLine] = ()
    blocks: Sequence[LayoutBlock] = ()
    quarter_turns: int = 0


@dataclass(frozen=True, slots=True)
class PageDone:
    """What was done with a page.

    Attributes:
        index: Of the page in the document, from 0.
        outcome: `added`; `replaced`, an old invisible layer; `skipped`; or `failed`.
        reason: Why it was skipped or failed; else empty.
    """

    index: int
    outcome: Outcome
    reason: str = ""
