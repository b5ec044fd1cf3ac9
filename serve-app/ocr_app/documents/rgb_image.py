"""Loaded images of any mode as grey or RGB."""

from typing import TYPE_CHECKING

from ocr_app.engine.rgb import strips

if TYPE_CHECKING:
    from PIL import Image


def rgb_image(source: "Image.Image") -> "Image.Image":
    """Return an image of mode L or RGB: itself, or a copy of it."""
    from PIL import Image

    if source.mode in ("L", "RGB"):
        return source
    image = Image.new("RGB", source.size)
    for top, strip in strips(source):
        image.paste(strip, (0, top))
    return image
