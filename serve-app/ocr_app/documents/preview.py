"""What a child process of `ocr_app.untrusted` does for the job `preview_page`: a page as a JPEG of some size."""

import io
from collections.abc import Callable, Mapping
from typing import Any

from ocr_app.documents.rgb_image import rgb_image
from ocr_app.engine.images import load
from ocr_app.untrusted.memory import File

_QUALITY = 85


def preview_page(file: File, args: Mapping[str, Any], write: Callable[[bytes], object]) -> Mapping[str, Any]:
    """Make a picture of a page for people.

    Args:
        file: The image of the page.
        args: `max_pixels`, the most pixels of the image; `side`, the longer side of the picture, in pixels: a smaller
            image stays as it is.
        write: Takes the JPEG file.

    Returns:
        `width` and `height` of the picture in pixels.

    Raises:
        RequestError: As `ocr_app.engine.images.load`.
    """
    image = rgb_image(load(file.read(), max_pixels=args["max_pixels"]))
    image.thumbnail((args["side"], args["side"]))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY)
    write(buffer.getvalue())
    return {"width": image.width, "height": image.height}
