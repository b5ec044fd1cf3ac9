"""The part of a page's image that a block's box shows."""

import math
from dataclasses import dataclass

from ocr_app.documents.text_layer.ink import Ink, Strip, ink_of
from ocr_app.documents.text_layer.look import Gray
from ocr_app.documents.text_layer.types import Box


@dataclass(frozen=True, slots=True)
class Crop:
    """The ink of a block.

    Attributes:
        ink: Of the pixels in its box.
        left: Of the crop in the image, in its pixels.
        top: Of the same.
        scale: Pixels of the boxes' image for one of this image.
    """

    ink: Ink
    left: int
    top: int
    scale: float

    def box(self, strip: Strip) -> Box:
        """Return the place of a line in pixels of the boxes' image."""
        return (
            (self.left + strip.left) * self.scale,
            (self.top + strip.top) * self.scale,
            (self.left + strip.right) * self.scale,
            (self.top + strip.bottom) * self.scale,
        )


def crop_of(gray: Gray, width: float, box: Box) -> Crop:
    """Return what a box shows.

    Args:
        gray: Image of the page, of any size.
        width: Of the image that the box is for, in pixels.
        box: Of the block; what lies outside of the image is left out.
    """
    scale = width / gray.shape[1]
    left, top = max(0, math.floor(box[0] / scale)), max(0, math.floor(box[1] / scale))
    right, bottom = max(left, math.ceil(box[2] / scale)), max(top, math.ceil(box[3] / scale))
    return Crop(ink_of(gray[top:bottom, left:right]), left, top, scale)
