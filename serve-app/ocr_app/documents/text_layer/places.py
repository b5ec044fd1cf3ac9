"""From the image of a page to the coordinates of its content."""

import math
from dataclasses import dataclass

from pikepdf import Array, Object

from ocr_app.documents.text_layer.types import PageText, Point, Quad

_LETTER = (0.0, 0.0, 612.0, 792.0)
"""What PDFium takes a page without a MediaBox for."""

_LEAST = 1e-3
"""Least width and height of a line, as a share of the page's: one without an area could not be marked or found."""


@dataclass(frozen=True, slots=True)
class Place:
    """Maps points of a page's upright image to its user space, as `(x * a + y * c + e, x * b + y * d + f)`.

    Attributes:
        across: What one pixel to the right is in user space, a and b.
        down: What one pixel down is, c and d.
        origin: Where the image's top left corner is, e and f.
        least: Least length of a line and least height, in user space.
    """

    across: Point
    down: Point
    origin: Point
    least: float

    def __call__(self, point: Point) -> Point:
        """Map a point."""
        x, y = point
        return (
            x * self.across[0] + y * self.down[0] + self.origin[0],
            x * self.across[1] + y * self.down[1] + self.origin[1],
        )


def place_of(page: Object, text: PageText) -> Place:
    """Return where the pixels of a page's upright image are on it.

    The image shows the part of the CropBox that is within the MediaBox, turned by the page's /Rotate; /UserUnit plays
    no part, because it changes the size of both.

    Args:
        page: Its dictionary, with the attributes that it inherits, which pikepdf copies into it.
        text: Says how large the image is, and how it was turned.

    Raises:
        ValueError: The page, or its image, has no area.
    """
    left, bottom, right, top = _visible_box(page)
    if not (right > left and top > bottom):
        raise ValueError("the page has no area: its CropBox lies outside of its MediaBox")
    if not (text.width > 0 and text.height > 0):
        raise ValueError(f"its image has no area: {text.width:g} x {text.height:g} pixels")
    # Corners as the reader sees the page: top left, top right, bottom right, bottom left.
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    # A page turned clockwise by a quarter has its bottom left corner at the top left; turning its image back
    # anticlockwise undoes it.
    turns = (text.quarter_turns - _rotation(page)) % 4
    upper_left, upper_right, _, lower_left = corners[turns:] + corners[:turns]
    return Place(
        across=((upper_right[0] - upper_left[0]) / text.width, (upper_right[1] - upper_left[1]) / text.width),
        down=((lower_left[0] - upper_left[0]) / text.height, (lower_left[1] - upper_left[1]) / text.height),
        origin=upper_left,
        least=_LEAST * min(right - left, top - bottom),
    )


def map_quad(place: Place, quad: Quad) -> Quad:
    """Return the corners of a line in user space.

    Raises:
        ValueError: A coordinate is not a number.
    """
    if not all(math.isfinite(value) for point in quad for value in point):
        raise ValueError(f"a line has no place: {quad}")
    first, second, third, fourth = map(place, quad)
    return first, second, third, fourth


def _rotation(page: Object) -> int:
    """Return by how many quarter turns clockwise a page is shown."""
    try:
        return round(float(page.get("/Rotate") or 0) / 90) % 4
    except (TypeError, ValueError):
        return 0


def _visible_box(page: Object) -> tuple[float, float, float, float]:
    media = _box(page.get("/MediaBox")) or _LETTER
    crop = _box(page.get("/CropBox")) or media
    return max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3])


def _box(value: Object | None) -> tuple[float, float, float, float] | None:
    if not isinstance(value, Array) or len(value) < 4:
        return None
    try:
        x1, y1, x2, y2 = (float(value[index]) for index in range(4))
    except (TypeError, ValueError):
        return None
    left, bottom, right, top = min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
    return (left, bottom, right, top) if right > left and top > bottom else None
