"""Image files to pixels: what the Api checks from a file's bytes, and how the engines' child processes decode it.

Accepted are the formats of `formats.ACCEPTED`. A TIFF may have several pages; of animations the first picture counts.
Pixels are upright 8-bit RGB, also for files with a palette, alpha, CMYK or 16 bits. No decoder sees a client's file
outside the processes of `ocr_app.untrusted`.
"""

import contextlib
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_app.engine import decoders, headers
from ocr_app.engine.formats import ACCEPTED, advice, sniff
from ocr_app.engine.headers.errors import Damaged, Excess
from ocr_app.engine.rgb import strips
from ocr_app.engine.types import RequestError

if TYPE_CHECKING:
    from PIL import Image

MAX_SIDE = 65_535
"""Most pixels a side, whatever the product: what JPEG and GIF can hold. Longer rows are no page."""

_ACCEPTED = (
    ", ".join(name.upper() for name in ACCEPTED).replace("WEBP", "WebP").replace(", JPEG 2000", " and JPEG 2000")
)

_JPEG_2000_BYTES = 850_000_000
"""A little less than a process of `ocr_app.untrusted` has by default."""

# What Pillow raises on damaged files differs by format and by the byte that is wrong.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    struct.error,
    OverflowError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """What an image file's header says.

    Attributes:
        format: One of `formats.ACCEPTED`.
        sizes: Pixels a row, and rows, of each page as stored (before EXIF orientation), one at least.
    """

    format: str
    sizes: tuple[tuple[int, int], ...]


def probe(data: bytes, *, max_pixels: int, param: str | None = None) -> ImageInfo:
    """Read the size of an image file's pages, and refuse files made to be slow to decode; no decoder runs.

    Takes milliseconds for any file. A file that passes may still turn out to be damaged when it is decoded.

    Args:
        data: The file.
        max_pixels: Most pixels (width x height) of a page.
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
    if name not in ACCEPTED:
        raise RequestError(
            f"The file is {name.upper()}, which is not accepted; accepted are {_ACCEPTED}. {advice(name)}".rstrip(),
            param=param,
            code="unsupported_image_format",
        )
    sizes = sizes_of(name, data, param=param)
    for page, (width, height) in enumerate(sizes):
        with naming_page(page if len(sizes) > 1 else None):
            _check_size(name, width, height, max_pixels, param)
    return ImageInfo(name, sizes)


def sizes_of(name: str, data: bytes, *, param: str | None = None) -> tuple[tuple[int, int], ...]:
    """Return (width, height) of each page of a file in a format of `formats.ACCEPTED`, however large they are.

    Raises:
        RequestError: 400 `invalid_image`: it is damaged, or made of too many parts.
    """
    try:
        return headers.sizes(name, data)
    except Damaged as error:
        raise damaged(name, str(error), param) from error
    except Excess as error:
        raise RequestError(
            f"The {name.upper()} image has more than {error}: save it again as a plain PNG or JPEG.",
            param=param,
            code="invalid_image",
        ) from error


@contextlib.contextmanager
def naming_page(page: int | None) -> Iterator[None]:
    """Say in a RequestError raised in this block which page of its file is meant, from 0; None adds nothing."""
    try:
        yield
    except RequestError as error:
        if page is None:
            raise
        raise RequestError(
            f"Page {page + 1} of the file: {error.message}", param=error.param, code=error.code, status=error.status
        ) from error


def decode(data: bytes, *, max_pixels: int, page: int | None = None, param: str | None = None) -> "Image.Image":
    """Decode an image file to upright 8-bit RGB; transparent parts become white, or black under white text.

    For files from elsewhere use `ocr_app.untrusted.images`, which does it in a process that can be killed.

    Args:
        data: The file.
        max_pixels: Most pixels (width x height) of a page.
        page: Which page, from 0; None for a file of one page. Errors of decoding name it.
        param: Path of the field that carried the file, for errors.

    Raises:
        RequestError: Status 400 with code `invalid_image` (empty, damaged, cut off or not an image) or
            `unsupported_image_format`; status 413 with code `image_too_large`.
    """
    from PIL import Image

    source = load(data, max_pixels=max_pixels, page=page, param=param)
    image = Image.new("RGB", source.size)
    for top, strip in strips(source):
        image.paste(strip, (0, top))
    return image


def load(data: bytes, *, max_pixels: int, page: int | None = None, param: str | None = None) -> "Image.Image":
    """Decode an image file and turn it upright; it keeps its mode, such as `I;16`, which `strips` turns into RGB.

    Arguments and errors are those of `decode`.
    """
    info = probe(data, max_pixels=max_pixels, param=param)
    with naming_page(page):
        return _load(headers.alone(info.format, data, page or 0), info.format, max_pixels, param)


def load_page(data: bytes, page: int, *, max_pixels: int) -> "Image.Image":
    """Decode one page of a TIFF as `load` does, whatever its other pages are like."""
    return _load(headers.alone("tiff", data, page), "tiff", max_pixels, None)


def _load(data: bytes, name: str, max_pixels: int, param: str | None) -> "Image.Image":
    from PIL import Image, UnidentifiedImageError

    decoder = decoders.of(name, param)
    try:
        image = Image.open(io.BytesIO(data), formats=(decoder,))
        _check_size(name, image.width, image.height, max_pixels, param)
        if decoder == "JPEG2000":
            _check_jpeg_2000(image, param)
        image.load()
        # What is inside a HEIC may have another size than its header says.
        _check_size(name, image.width, image.height, max_pixels, param)
        _turn_upright(image)
    except MemoryError:
        raise
    except UnidentifiedImageError as error:
        # It only names a BytesIO, which tells a client nothing.
        raise damaged(name, None, param) from error
    except Image.DecompressionBombError as error:
        # Only if `max_pixels` is above Pillow's own limit.
        limit = 2 * (Image.MAX_IMAGE_PIXELS or max_pixels)
        raise RequestError(
            f"The image has more than {limit:,} pixels; scale it down.", param=param, code="image_too_large", status=413
        ) from error
    except _DAMAGE as error:
        raise damaged(name, str(error).strip().rstrip("."), param) from error
    return image


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


def _check_jpeg_2000(image: "Image.Image", param: str | None) -> None:
    # OpenJPEG works in 4 bytes a colour, and Pillow has a copy of 1 and its own pixels. Out of memory, it would call
    # the file damaged.
    colours = len(image.getbands())
    most = _JPEG_2000_BYTES // (5 * colours + 4)
    if image.width * image.height > most:
        raise RequestError(
            f"The JPEG 2000 image has {image.width} x {image.height} pixels; at most {most:,} are read in {colours} "
            "colours: save it as PNG or JPEG.",
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
