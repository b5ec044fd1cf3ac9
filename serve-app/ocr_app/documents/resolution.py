"""How large a page is drawn.

Both DeepSeek-OCR scripts draw pages at 144 dpi. Small pages have small letters, so they become larger; a large page has
no more than the model or the CPU engine looks at. A long and narrow page, such as a receipt or a web page, is not made
smaller than its letters allow.
"""

import math
from dataclasses import dataclass

from ocr_app.engine.images import MAX_SIDE
from ocr_app.engine.types import RequestError
from ocr_app.settings import DocumentSettings, LimitSettings

POINTS_PER_INCH = 72

MOST_POINTS = 14_400
"""Longest side of a page that PDF allows, in points: 5 m."""

MOST_DPI = 600
"""However small a page is: more shows nothing that is not there."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What decides the size of an image.

    Attributes:
        dpi: Of a page of a usual size.
        min_side_px: The longer side is drawn at least so long.
        max_side_px: The longer side is drawn at most so long,
        narrow_side_px: unless the shorter one would get less than this.
        max_pixels: Most pixels (width x height), whatever the rest says.
    """

    dpi: float
    min_side_px: int
    max_side_px: int
    narrow_side_px: int
    max_pixels: int

    @classmethod
    def of(cls, settings: DocumentSettings, limits: LimitSettings) -> "Rule":
        """Return the rule that the settings make."""
        return cls(
            settings.dpi,
            settings.min_side_px,
            settings.max_side_px,
            settings.narrow_side_px,
            limits.max_image_pixels,
        )


@dataclass(frozen=True, slots=True)
class Drawing:
    """The image of a page.

    Attributes:
        width: In pixels.
        height: In pixels.
        scale: Pixels per point.
    """

    width: int
    height: int
    scale: float

    @property
    def dpi(self) -> float:
        """Pixels per inch."""
        return self.scale * POINTS_PER_INCH


def drawing_of(width: float, height: float, rule: Rule) -> Drawing:
    """Return the size in which to draw a page.

    Args:
        width: Of the page as it is shown, in points.
        height: Likewise.
        rule: What decides.

    Raises:
        RequestError: 413 `page_too_large`.
    """
    if not (0 < width <= MOST_POINTS and 0 < height <= MOST_POINTS):
        raise RequestError(
            f"it measures {width:,.0f} x {height:,.0f} points; PDF allows {MOST_POINTS:,} a side",
            code="page_too_large",
            status=413,
        )
    longer, shorter = max(width, height), min(width, height)
    scale = max(rule.dpi / POINTS_PER_INCH, rule.min_side_px / longer)
    scale = min(scale, max(rule.max_side_px / longer, rule.narrow_side_px / shorter))
    return within(width, height, min(scale, MOST_DPI / POINTS_PER_INCH), rule.max_pixels)


def within(width: float, height: float, scale: float, max_pixels: int) -> Drawing:
    """Return a drawing at a scale, or at the largest one below it that keeps to `max_pixels`."""
    scale = min(scale, MAX_SIDE / max(width, height), math.sqrt(max_pixels / (width * height)))
    while True:
        across, down = math.ceil(width * scale), math.ceil(height * scale)
        if across * down <= max_pixels:
            return Drawing(across, down, scale)
        # Rounded up, the sides were a little too long.
        scale *= min(0.999, max_pixels / (across * down))
