"""What a child process of `ocr_app.untrusted` does for the job `cut_pictures`: pictures out of a page."""

import io
from collections.abc import Callable, Mapping
from typing import Any

from ocr_app.documents.rgb_image import rgb_image
from ocr_app.engine.images import load
from ocr_app.untrusted.memory import File

_QUALITY = 90


def cut_pictures(file: File, args: Mapping[str, Any], write: Callable[[bytes], object]) -> Mapping[str, Any]:
    """Cut boxes out of a page.

    Args:
        file: The image of the page.
        args: `max_pixels`, the most pixels of the image; `turned_degrees`, a quarter turn anticlockwise by which it
            becomes upright; `width` and `height` of the upright image that the boxes are on; `boxes`: left, top, right
            and bottom of each.
        write: Takes the JPEG files, one after the other.

    Returns:
        `sizes`: the bytes of each file, in the order of the boxes; 0 for a box that is not on the page.

    Raises:
        RequestError: As `ocr_app.engine.images.load`.
    """
    source = rgb_image(load(file.read(), max_pixels=args["max_pixels"]))
    if args["turned_degrees"] % 360:
        source = source.rotate(args["turned_degrees"], expand=True)
    across, down = source.width / args["width"], source.height / args["height"]
    sizes: list[int] = []
    for left, top, right, bottom in args["boxes"]:
        box = (
            max(0, round(left * across)),
            max(0, round(top * down)),
            min(source.width, round(right * across)),
            min(source.height, round(bottom * down)),
        )
        if box[0] >= box[2] or box[1] >= box[3]:
            sizes.append(0)
            continue
        buffer = io.BytesIO()
        source.crop(box).save(buffer, "JPEG", quality=_QUALITY)
        sizes.append(buffer.tell())
        write(buffer.getvalue())
    return {"sizes": sizes}
