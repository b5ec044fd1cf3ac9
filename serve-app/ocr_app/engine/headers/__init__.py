"""Reads the size of an image from the bytes of its file, and refuses files made to be slow to decode.

No decoder runs and nothing is allocated: a file of 20 MB takes some milliseconds, whatever is in it. Each format has a
function from a file to (width, height) as stored, TIFF to those of each page; it raises `Damaged` or `Excess`. What
passes is not yet sound: that shows when it is decoded.
"""

from collections.abc import Callable

from ocr_app.engine.headers import bmp, gif, heif, jpeg, jpeg2000, png, tiff, webp

READERS: dict[str, Callable[[bytes], tuple[int, int]]] = {
    "png": png.size,
    "jpeg": jpeg.size,
    "webp": webp.size,
    "gif": gif.size,
    "bmp": bmp.size,
    "heic": heif.size,
    "avif": heif.size,
    "jpeg 2000": jpeg2000.size,
}


def sizes(name: str, data: bytes) -> tuple[tuple[int, int], ...]:
    """Return (width, height) of each page of a file, one at least; of an animation the first picture counts."""
    return tiff.sizes(data) if name == "tiff" else (READERS[name](data),)


def alone(name: str, data: bytes, page: int) -> bytes:
    """Return a file whose first page is the one asked for, from 0."""
    return tiff.alone(data, page) if name == "tiff" and page else data
