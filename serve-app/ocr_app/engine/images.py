"""Image files to pixels: what the Api checks from the header and what the engines decode, once.

Accepted are PNG, JPEG, WebP, TIFF, GIF and BMP; of animations and multi-page files the first picture counts.
`decode` returns upright 8-bit RGB, also for files with a palette, alpha, CMYK or 16 bits.
"""

import contextlib
import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_app.engine.types import RequestError

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("png", "jpeg", "webp", "tiff", "gif", "bmp")
"""Accepted formats, as `ImageInfo.format` names them."""

_PILLOW_FORMATS = tuple(name.upper() for name in FORMATS)
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
    """Read an image file's header; no pixel is decoded.

    Args:
        data: The file.
        max_pixels: Most pixels (width x height).
        param: Path of the field that carried the file, for errors.

    Raises:
        RequestError: Status 400 with code `invalid_image` (empty, damaged or not an image) or
            `unsupported_image_format`; status 413 with code `image_too_large`.
    """
    with _open(data, max_pixels, param) as image:
        # Phones' JPEGs with a second picture inside come as MPO.
        name = "jpeg" if image.format == "MPO" else str(image.format).lower()
        return ImageInfo(format=name, width=image.width, height=image.height)


def decode(data: bytes, *, max_pixels: int, param: str | None = None) -> "Image.Image":
    """Decode an image file to upright 8-bit RGB; transparent parts become white.

    Args:
        data: The file.
        max_pixels: Most pixels (width x height).
        param: Path of the field that carried the file, for errors.

    Raises:
        RequestError: Status 400 with code `invalid_image` (empty, damaged, cut off or not an image) or
            `unsupported_image_format`; status 413 with code `image_too_large`.
    """
    with _open(data, max_pixels, param) as image:
        try:
            image.load()
            _turn_upright(image)
            return _to_rgb(image)
        except MemoryError:
            raise
        except _DAMAGE as error:
            name = sniff(data) or "image"
            raise _damaged(name, str(error), param) from error


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


def _open(data: bytes, max_pixels: int, param: str | None) -> "Image.Image":
    from PIL import Image  # at the first image, so that importing this module stays cheap

    if not data:
        raise RequestError("The image is empty (0 bytes).", param=param, code="invalid_image")
    claimed = sniff(data)
    if claimed is not None and claimed not in FORMATS:
        hint = " Turn its pages into images first." if claimed == "pdf" else ""
        raise RequestError(
            f"The file is {claimed.upper()}, which is not accepted; accepted are {_ACCEPTED}.{hint}",
            param=param,
            code="unsupported_image_format",
        )
    if claimed == "webp":
        # Pillow allocates a WebP's whole canvas on opening: look at its size before.
        _check_pixels(*_webp_size(data), max_pixels, param)
    try:
        image = Image.open(io.BytesIO(data), formats=_PILLOW_FORMATS)
    except Image.DecompressionBombError as error:
        limit = min(max_pixels, 2 * (Image.MAX_IMAGE_PIXELS or max_pixels))
        raise RequestError(
            f"The image has more than {limit:,} pixels; scale it down.", param=param, code="image_too_large", status=413
        ) from error
    except _DAMAGE as error:
        if claimed is None:
            raise RequestError(
                f"The data is not an image; accepted are {_ACCEPTED}.", param=param, code="invalid_image"
            ) from error
        # UnidentifiedImageError only names a BytesIO, which tells a client nothing.
        raise _damaged(claimed, None, param) from error
    _check_pixels(image.width, image.height, max_pixels, param)
    return image


def _check_pixels(width: int, height: int, max_pixels: int, param: str | None) -> None:
    if width * height > max_pixels:
        raise RequestError(
            f"The image has {width} x {height} = {width * height:,} pixels; at most {max_pixels:,} are accepted: "
            "scale it down.",
            param=param,
            code="image_too_large",
            status=413,
        )


def _webp_size(data: bytes) -> tuple[int, int]:
    """Canvas of a WebP file, (0, 0) if the header is cut off, which Pillow then reports.

    See https://developers.google.com/speed/webp/docs/riff_container for the three layouts.
    """
    kind = data[12:16]
    if kind == b"VP8X" and len(data) >= 30:
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and len(data) >= 30:
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


def _damaged(name: str, reason: str | None, param: str | None) -> RequestError:
    detail = f" ({reason})" if reason else ""
    return RequestError(f"The {name.upper()} image is damaged or cut off{detail}.", param=param, code="invalid_image")


def _turn_upright(image: "Image.Image") -> None:
    from PIL import ImageOps

    # If this fails, only the EXIF data is damaged, not the pixels.
    with contextlib.suppress(*_DAMAGE):
        ImageOps.exif_transpose(image, in_place=True)


def _to_rgb(image: "Image.Image") -> "Image.Image":
    from PIL import Image

    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = _to_8_bits(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        return white
    # A plain Image in any case, no longer tied to the file.
    return image.convert("RGB") if image.mode != "RGB" else image.copy()


def _to_8_bits(image: "Image.Image") -> "Image.Image":
    """Scale grey of more than 8 bits to 8; Pillow would clip it.

    16-bit values are scaled by the range of their type; wider types have no usual white, so their own range counts.
    """
    import numpy as np
    from PIL import Image

    values = np.nan_to_num(np.asarray(image, dtype=np.float32))
    low, high = (0.0, 65535.0) if image.mode.startswith("I;16") else (float(values.min()), float(values.max()))
    if image.mode == "I" and low >= 0 and 255 < high <= 65535:
        low, high = 0.0, 65535.0
    scale = 255.0 / (high - low) if high > low else 0.0
    return Image.fromarray(((values - low) * scale).round().astype(np.uint8))
