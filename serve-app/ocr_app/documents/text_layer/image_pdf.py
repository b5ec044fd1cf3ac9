"""Images to a PDF that shows them: each page as large as its image is on paper."""

import io
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

from ocr_app.documents.text_layer.content import pdf_number
from ocr_app.documents.text_layer.font import deflated
from ocr_app.documents.text_layer.pixels import pixels_of
from ocr_app.documents.text_layer.types import Write
from ocr_app.engine import decoders
from ocr_app.engine.headers import alone
from ocr_app.engine.images import load, probe

if TYPE_CHECKING:
    from PIL import Image

_POINTS_PER_INCH = 72
_A4_INCHES = 297 / 25.4
"""An image that does not say its resolution becomes as long as this sheet."""

_DPI = range(36, 2_401)
"""What a scanner may say. Less is a program's default, such as 1 for an aspect ratio."""

_LONGEST_POINTS = 14_400
"""Longest side of a page that readers show."""

_ORIENTATION = 0x0112
"""EXIF's tag."""

_UPRIGHT = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}
"""How an image with this orientation is drawn in a square, as the matrix of PDF's `cm`."""

_SPACES = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
_ICC_SPACES = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4}


def image_pdf(data: bytes, write: Write, *, max_pixels: int) -> None:
    """Write a PDF of an image file, with a page for each of its pages.

    A JPEG file goes in as it is; other images as their pixels, compressed without loss. The page shows the image
    upright.

    Args:
        data: The file, in a format that the service reads.
        write: Takes the PDF.
        max_pixels: Most pixels (width x height) of a page.

    Raises:
        RequestError: As `ocr_app.engine.images.decode` raises it.
    """
    info = probe(data, max_pixels=max_pixels)
    with pikepdf.new() as pdf:
        for index in range(len(info.sizes)):
            page = index if len(info.sizes) > 1 else None
            header = _header(info.format, data, index)
            if info.format == "jpeg" and (colours := _plain_jpeg(data)):
                image = _jpeg(pdf, data, header, colours)
                turn = header.getexif().get(_ORIENTATION, 1)
            else:
                pixels = pixels_of(load(data, max_pixels=max_pixels, page=page))
                image = pixels.image(pdf)
                turn = 1
            _add_page(pdf, image, _size_in_points(header), _UPRIGHT.get(turn, _UPRIGHT[1]))
        file = io.BytesIO()
        pdf.save(file)
    write(file.getvalue())


def _header(name: str, data: bytes, index: int) -> "Image.Image":
    from PIL import Image

    return Image.open(io.BytesIO(alone(name, data, index)), formats=(decoders.of(name, None),))


def _size_in_points(header: "Image.Image") -> tuple[float, float]:
    """Return the width and height of the upright image on paper."""
    width, height = header.size
    dpi: Sequence[float] = header.info.get("dpi") or (0, 0)
    if not all(_DPI.start <= float(value) < _DPI.stop for value in dpi):
        dpi = (max(width, height) / _A4_INCHES,) * 2
    sides = [pixels * _POINTS_PER_INCH / float(each) for pixels, each in zip((width, height), dpi, strict=True)]
    shrink = min(1.0, _LONGEST_POINTS / max(sides))
    across, down = (side * shrink for side in sides)
    return (down, across) if header.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8) else (across, down)


def _plain_jpeg(data: bytes) -> int:
    """Return how many colours a JPEG file has; 0 if PDF's readers cannot be expected to read it.

    They read 8 bits a colour and Huffman codes, baseline or progressive.
    """
    at = 2
    while at + 10 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return data[at + 9] if marker in (0xC0, 0xC1, 0xC2) and data[at + 4] == 8 and data[at + 9] in _SPACES else 0
        at += 2 + int(struct.unpack_from(">H", data, at + 2)[0])
    return 0


def _jpeg(pdf: Pdf, data: bytes, header: "Image.Image", colours: int) -> Object:
    space: Object = _SPACES[colours]
    profile = header.info.get("icc_profile") or b""
    if _ICC_SPACES.get(profile[16:20]) == colours:
        space = Array([Name.ICCBased, deflated(pdf, profile, N=colours, Alternate=space)])
    image = pdf.make_stream(data, Filter=Name.DCTDecode)
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height = header.size
    image.ColorSpace, image.BitsPerComponent = space, 8
    if colours == 4 and "adobe" in header.info:
        # Adobe's programs, and those that copy them, store how much ink is missing.
        image.Decode = Array([1, 0] * 4)
    return image


def _add_page(pdf: Pdf, image: Object, size: tuple[float, float], upright: Sequence[int]) -> None:
    width, height = size
    scaled = (side * factor for side, factor in zip((width, height) * 3, upright, strict=True))
    content = f"q {' '.join(map(pdf_number, scaled))} cm /Image Do Q".encode()
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, *(round(side, 4) for side in size)]),
        Resources=Dictionary(XObject=Dictionary(Image=image)),
        Contents=deflated(pdf, content),
    )
    pdf.pages.append(Page(pdf.make_indirect(page)))
