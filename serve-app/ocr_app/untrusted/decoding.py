"""What a child does for the job `decode_image`."""

from collections.abc import Callable, Mapping
from typing import Any

from ocr_app.engine.images import load
from ocr_app.engine.rgb import strips
from ocr_app.untrusted.memory import File


def decode(file: File, args: Mapping[str, Any], write: Callable[[bytes], None]) -> Mapping[str, Any]:
    """Decode an image file to upright 8-bit pixels, row by row.

    Args:
        file: The image file.
        args: `max_pixels`, the most pixels (width x height); `page`, which page of the file, from 0, or None for a file
            of one page; `order`, of the bytes of a pixel, `RGB` or `BGR`.
        write: Takes some rows.

    Returns:
        `width` and `height` in pixels.
    """
    image = load(file.read(), max_pixels=args["max_pixels"], page=args["page"])
    for _, strip in strips(image):
        write(strip.tobytes("raw", args["order"]))
    return {"width": image.width, "height": image.height}
