"""Image files to pixels: what the Api checks from a file's bytes, and how the engines' child processes decode it.

Accepted are PNG, JPEG, WebP, TIFF, GIF and BMP; of animations and multi-page files the first picture counts.
Pixels are upright 8-bit RGB, also for files with a palette, alpha, CMYK or 16 bits. No decoder sees a client's file
outside the processes of `ocr_app.untrusted`.
"""

import contextlib
import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_app.engine.headers import READERS
from ocr_app.engine.headers.errors import Damaged, Excess
from ocr_app.engine.rgb import strips
from ocr_app.engine.types import RequestError

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("png", "jpeg", "webp", "tiff", "gif", "bmp")
"""Accepted formats, as `ImageInfo.format` names them."""

MAX_SIDE = 65_535
"""Most pixels a side, whatever the product: what JPEG and GIF can hold. Longer rows are no page."""

_ACCEPTED = "PNG, JPEG, WebP, TIFF, GIF and BMP"

# What Pillow raises on damaged files differs by format and by the byte that is wrong.
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, struct.error, OverflowError)


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """What an image file's header says.

    Attributes:
        format: One of `FORMATS`.
        width: Pixels a row, as stored (before EXIF orientation).
        height: Rows, as stored.
    """

    format: str
    width: int
    height: int


def probe(data: bytes, *, max_pixels: int, param: str | None = None) -> ImageInfo:
    """Read an image file's size, and refuse files made to be slow to decode; no decoder runs.

    Takes milliseconds for any file. A file that passes may still turn out to be damaged when it is decoded.

    Args:
        data: The file.
        max_pixels: Most pixels (width x height).
        param: Path of the field that carried the file, for errors.

    Raises:
        RequestError: Status 400 with code `invalid_image` (empty, damaged, made of too many parts, or not an image) or
            `unsupported_image_format`; status 413 with code `image_too_large`.
    """
    if not data:
        raise RequestError("The image is empty (0 bytes).", param=param, code="invalid_image")
    name = sniff(data)
    if name is None:
        raise RequestError(f"The data is not an image; accepted are {_ACCEPTED}.", param=param, code="invalid_image")
    if name not in FORMATS:
        hint = " Turn its pages into images first." if name == "pdf" else ""
        raise RequestError(
            f"The file is {name.upper()}, which is not accepted; accepted are {_ACCEPTED}.{hint}",
            param=param,
            code="unsupported_image_format",
        )
    try:
        width, height = READERS[name](data)
    except Damaged as error:
        raise damaged(name, str(error), param) from error
    except Excess as error:
        raise RequestError(
            f"The {name.upper()} image has more than {error}: save it again as a plain PNG or JPEG.",
            param=param,
            code="invalid_image",
        ) from error
    _check_size(name, width, height, max_pixels, param)
    return ImageInfo(name, width, height)


def decode(data: bytes, *, max_pixels: int, param: str | None = None) -> "Image.Image":
    """Decode an image file to upright 8-bit RGB; transparent parts become white.

    For files from elsewhere use `ocr_app.untrusted.images`, which does it in a process that can be killed.

    Args:
        data: The file.
        max_pixels: Most pixels (width x height).
        param: Path of the field that carried the file, for errors.

    Raises:
        RequestError: Status 400 with code `invalid_image` (empty, damaged, cut off or not an image) or
            `unsupported_image_format`; status 413 with code `image_too_large`.
    """
    from PIL import Image

    source = load(data, max_pixels=max_pixels, param=param)
    image = Image.new("RGB", source.size)
    for top, strip in strips(source):
        image.paste(strip, (0, top))
    return image


def load(data: bytes, *, max_pixels: int, param: str | None = None) -> "Image.Image":
    """Decode an image file and turn it upright; it keeps its mode, such as `I;16`, which `strips` turns into RGB.

    Arguments and errors are those of `decode`.
    """
    from PIL import Image, UnidentifiedImageError

    info = probe(data, max_pixels=max_pixels, param=param)
    try:
        image = Image.open(io.BytesIO(data), formats=(info.format.upper(),))
        _check_size(info.format, image.width, image.height, max_pixels, param)
        image.load()
        _turn_upright(image)
    except MemoryError:
        raise
    except UnidentifiedImageError as error:
        # It only names a BytesIO, which tells a client nothing.
        raise damaged(info.format, None, param) from error
    except Image.DecompressionBombError as error:
        # Only if `max_pixels` is above Pillow's own limit.
        limit = 2 * (Image.MAX_IMAGE_PIXELS or max_pixels)
        raise RequestError(
            f"The image has more than {limit:,} pixels; scale it down.", param=param, code="image_too_large", status=413
        ) from error
    except _DAMAGE as error:
        raise damaged(info.format, str(error), param) from error
    return image


def sniff(data: bytes) -> str | None:
    """Return the format that a file's first bytes claim: one of `FORMATS`, another known one, or None."""
    for magic, offset, name in _MAGIC:
        if data[offset : offset + len(magic)] == magic:
            return name
    return "svg" if b"<svg" in data[:1024].lower() else None


_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", 0, "png"),
    (b"\xff\xd8\xff", 0, "jpeg"),
    (b"WEBP", 8, "webp"),
    (b"II*\x00", 0, "tiff"),
    (b"MM\x00*", 0, "tiff"),
    (b"II+\x00", 0, "tiff"),
    (b"MM\x00+", 0, "tiff"),
    (b"GIF87a", 0, "gif"),
    (b"GIF89a", 0, "gif"),
    (b"BM", 0, "bmp"),
    (b"%PDF-", 0, "pdf"),
    (b"ftypavif", 4, "avif"),
    (b"ftypheic", 4, "heic"),
    (b"ftypheix", 4, "heic"),
    (b"ftypmif1", 4, "heif"),
    (b"\x00\x00\x00\x0cjP  ", 0, "jpeg 2000"),
    (b"\xff\x0a", 0, "jpeg xl"),
    (b"\x00\x00\x00\x0cJXL ", 0, "jpeg xl"),
    (b"8BPS", 0, "psd"),
    (b"\x00\x00\x01\x00", 0, "ico"),
)


def _check_size(name: str, width: int, height: int, max_pixels: int, param: str | None) -> None:
    if width < 1 or height < 1:
        raise damaged(name, f"it has {width} x {height} pixels", param)
    if width * height > max_pixels:
        raise RequestError(
            f"The image has {width} x {height} = {width * height:,} pixels; at most {max_pixels:,} are accepted: "
            "scale it down.",
            param=param,
            code="image_too_large",
            status=413,
        )
    if max(width, height) > MAX_SIDE:
        raise RequestError(
            f"The image has {width} x {height} pixels; at most {MAX_SIDE:,} a side are accepted: cut it into pages.",
            param=param,
            code="image_too_large",
            status=413,
        )


def damaged(name: str, reason: str | None, param: str | None) -> RequestError:
    """Return the error for a file of a known format that cannot be decoded."""
    detail = f" ({reason})" if reason else ""
    return RequestError(f"The {name.upper()} image is damaged or cut off{detail}.", param=param, code="invalid_image")


def _turn_upright(image: "Image.Image") -> None:
    from PIL import ImageOps

    # If this fails, only the EXIF data is damaged, not the pixels.
    with contextlib.suppress(*_DAMAGE):
        ImageOps.exif_transpose(image, in_place=True)
