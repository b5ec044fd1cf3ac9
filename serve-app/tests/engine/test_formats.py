"""What is not read is refused by its name."""

import io
import zipfile

import pytest
from PIL import Image

from ocr_app.engine.formats import ACCEPTED, sniff
from ocr_app.engine.images import probe
from ocr_app.engine.types import RequestError


def by_pillow(form: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16), "red").save(buffer, form)
    return buffer.getvalue()


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return buffer.getvalue()


def ftyp(brand: bytes, *compatible: bytes) -> bytes:
    content = b"ftyp" + brand + bytes(4) + b"".join(compatible)
    return (len(content) + 4).to_bytes(4, "big") + content


@pytest.mark.parametrize(
    ("data", "name", "advice"),
    [
        (by_pillow("PPM"), "PNM", "Save it as PNG or JPEG."),
        (by_pillow("TGA"), "TGA", "Save it as PNG or JPEG."),
        (by_pillow("ICO"), "ICO", "Save it as PNG or JPEG."),
        (by_pillow("EPS"), "POSTSCRIPT", "Save it as PDF."),
        (by_pillow("PDF"), "PDF", "Save it as PNG or JPEG."),
        (by_pillow("DDS"), "DDS", "Save it as PNG or JPEG."),
        (by_pillow("QOI"), "QOI", "Save it as PNG or JPEG."),
        (b"8BPS\0\1", "PSD", "Save it as PNG or JPEG."),
        (b"\xff\x0a\0", "JPEG XL", "Save it as PNG or JPEG."),
        (b"<?xml version='1.0'?>\n<svg/>", "SVG", "Save it as PNG or JPEG."),
        (b"AT&TFORM\0\0\0\0DJVM", "DJVU", "Save it as PDF."),
        (archive("[Content_Types].xml", "word/document.xml"), "DOCX", "Save it as PDF."),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "XLSX", "Save it as PDF."),
        (archive("page.png"), "ZIP", ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OFFICE", "Save it as PDF."),
        (b"<!DOCTYPE html><p>", "HTML", "Save it as PDF."),
        (ftyp(b"isom", b"mp42"), "MP4", ""),
        (ftyp(b"qt  "), "QUICKTIME", ""),
        (ftyp(b"crx ", b"isom"), "CANON RAW", "Save it as PNG or JPEG."),
        (b"II*\0\x10\0\0\0CR\2\0", "CANON RAW", "Save it as PNG or JPEG."),
    ],
)
def test_known_formats_that_are_not_read(data: bytes, name: str, advice: str) -> None:
    with pytest.raises(RequestError) as error:
        probe(data, max_pixels=1_000)
    assert error.value.code == "unsupported_image_format"
    assert error.value.message == (
        f"The file is {name}, which is not accepted; accepted are PNG, JPEG, WebP, TIFF, GIF, BMP, HEIC, AVIF and "
        f"JPEG 2000. {advice}".rstrip()
    )


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (ftyp(b"heic", b"mif1", b"heic"), "heic"),
        (ftyp(b"mif1", b"mif1", b"heic"), "heic"),
        (ftyp(b"mif1", b"avif", b"mif1"), "avif"),
        (ftyp(b"msf1", b"hevc"), "heic"),
        (ftyp(b"heix"), "heic"),
        (ftyp(b"avis"), "avif"),
    ],
)
def test_brands(data: bytes, name: str) -> None:
    assert sniff(data) == name
    assert name in ACCEPTED


def test_text_is_no_image() -> None:
    for data in (b"P", b"Page 6\nof it", b"hello", b"\0" * 30):
        assert sniff(data) is None
