"""What stands outside of all other text: words along the margins, and numbers in the corners of slides."""

from collections.abc import Sequence

from ocr_app.engine.cpu.layout import page_numbers
from ocr_app.engine.cpu.layout.content import is_provenance
from ocr_app.engine.cpu.layout.types import Line, union

_MARGIN = 0.12
"""Share of the page's width that its outer margins take at most."""

_CORNER = 0.08
"""Share of the page's width and height that its corners take."""


def along_margins(
    sideways: Sequence[Line], inside: Sequence[Line], width: float, unit: float, *, running: bool
) -> list[Line]:
    """Return the lines in the outer margins of an upright page that are no part of its text.

    On a page of running text these are all; on another those that say where the copy comes from ("Downloaded from").

    Args:
        sideways: Lines that run up or down.
        inside: The other lines, but for what is known to be no part of the text.
        width: Of the page, in pixels.
        unit: Height of the running text, in pixels.
        running: Whether the page is one of running text.
    """
    if not inside:
        return []
    body = union(line.box for line in inside)
    outside = [
        line
        for line in sideways
        if (line.box.right < body.left - unit and line.box.centre < _MARGIN * width)
        or (line.box.left > body.right + unit and line.box.centre > (1 - _MARGIN) * width)
    ]
    upright = sum(len(line.text) for line in inside) >= 4 * sum(len(line.text) for line in sideways)
    return outside if running and upright else [line for line in outside if is_provenance(line.text)]


def corner_numbers(level: Sequence[Line], width: float, height: float) -> list[Line]:
    """Return the page numbers in the bottom corners of a page that is wider than high, as slides have them.

    All other text ends on the inner side of such a number, so it is no value, sum or cell.

    Args:
        level: All lines but those that run up or down.
        width: Of the page, in pixels.
        height: Of the page, in pixels.
    """
    if height >= width:
        return []
    return [
        line
        for line in level
        if page_numbers.number_kind(line.text) in ("said", "bare")
        and line.box.middle > (1 - _CORNER) * height
        and not _CORNER * width < line.box.centre < (1 - _CORNER) * width
        and _is_outermost(line, [other for other in level if other is not line], width)
    ]


def _is_outermost(line: Line, others: Sequence[Line], width: float) -> bool:
    around = union(other.box for other in others)
    return line.box.left > around.right if line.box.centre > width / 2 else line.box.right < around.left
