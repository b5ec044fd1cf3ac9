import io
import struct

import numpy as np
import pikepdf
import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from ocr_app.documents.text_layer import glyphless
from ocr_app.documents.text_layer.widths import glyph_of, natural_width
from tests.documents.text_layer.support import layered, page, pdf_of, rendered, saved


def test_freetype_reads_it_and_paints_nothing() -> None:
    font = ImageFont.truetype(io.BytesIO(glyphless.build()), 100)
    assert font.getname()[0] == glyphless.NAME
    assert font.getmetrics() == (100, 1)
    assert font.getlength("x") == glyphless.WIDTHS[0] / 10
    image = Image.new("L", (100, 100))
    ImageDraw.Draw(image).text((0, 0), "x", font=font, fill=255)
    assert not np.asarray(image).any()


def test_the_file_is_whole() -> None:
    font = glyphless.build()
    assert len(font) < 1_000
    assert sum(struct.unpack(f">{len(font) // 4}I", font)) % 2**32 == 0xB1B0AFBA
    count = struct.unpack_from(">H", font, 4)[0]
    tables = [struct.unpack_from(">4sIII", font, 12 + 16 * index) for index in range(count)]
    assert [tag for tag, *_ in tables] == sorted(tag for tag, *_ in tables)
    for tag, checksum, offset, length in tables:
        data = bytearray(font[offset : offset + length] + bytes(-length % 4))
        assert offset % 4 == 0
        if tag == b"head":
            data[8:12] = bytes(4)
        assert sum(struct.unpack(f">{len(data) // 4}I", data)) % 2**32 == checksum, tag


def test_pdfium_takes_it_and_nothing_shows_even_where_text_is_painted() -> None:
    result, _ = layered(saved(pdf_of(b"")), page(0, "Wide and narrow, 漢字"))
    with pikepdf.open(io.BytesIO(result)) as pdf:
        layer = pdf.pages[0].obj.Contents[0]
        layer.write(layer.read_bytes().replace(b"3 Tr", b"0 Tr"))
        painted = saved(pdf)
    assert (rendered(painted, 400) == 255).all()
    fonts = {font.get_base_name() for font in _fonts(result)}
    assert fonts == {glyphless.NAME}


def _fonts(data: bytes) -> list[pdfium.PdfFont]:
    page = pdfium.PdfDocument(data)[0]
    return [thing.get_font() for thing in page.get_objects() if isinstance(thing, pdfium.PdfTextObj)]


def test_the_widths_of_the_pdf_are_those_of_the_font() -> None:
    result, _ = layered(saved(pdf_of(b"")), page(0, "Wi漢e\u0301 😀"))
    with pikepdf.open(io.BytesIO(result)) as pdf:
        descendant = pdf.pages[0].obj.Resources.Font.GlyphlessOCR.DescendantFonts[0]
        glyphs = struct.unpack(">8H", descendant.CIDToGIDMap.read_bytes())
        first, widths = descendant.W
        assert first == 0
        assert [int(width) for width in widths] == [glyphless.WIDTHS[glyph] for glyph in glyphs]
        assert descendant.FontDescriptor.FontFile2.read_bytes() == glyphless.build()


def test_natural_widths() -> None:
    assert natural_width("漢字") == 2
    assert natural_width("e\u0301") == natural_width("é") == natural_width("e")
    assert natural_width("iii") < natural_width("nnn") < natural_width("WWW")
    assert glyph_of("😀") == glyph_of("漢")
