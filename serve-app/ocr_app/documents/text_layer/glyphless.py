"""A TrueType font whose glyphs have a size and no shape: what invisible text is set in.

Its glyphs differ in their widths only. Being embedded, it looks the same to every reader of PDFs (nothing is looked for
on the reader's machine), and its widths are those that the PDF states, as PDF/A asks for. It is built here, of the
tables that FreeType, CoreText and the sanitizers of browsers ask for; see
https://learn.microsoft.com/typography/opentype/spec/otff.
"""

import struct
from itertools import accumulate

UNITS_PER_EM = 1000

WIDTHS = (550, 0, 280, 350, 550, 680, 850, 1000)
"""Advance widths of the glyphs, in thousandths of the font size. Glyph 0 is for characters that the font lacks."""

DESCENT = -1
"""Nearly all of a line's height is above its baseline. Readers take 0 for an unknown depth and use another one."""

NAME = "GlyphlessOCR"
"""PostScript name of the font."""

_CHECKSUM = 0xB1B0AFBA
_FIRST_OF_2000_S = 3_029_529_600
"""2000-01-01 in seconds since 1904, so that the font is the same each time."""


def build() -> bytes:
    """Return the font file, some 600 bytes."""
    glyphs = len(WIDTHS)
    shapes = [_shape(width) for width in WIDTHS]
    head = struct.pack(
        ">HHIIIHHQQhhhhHHhhh",
        *(1, 0, 0x10000, 0, 0x5F0F3CF5, 0b1011, UNITS_PER_EM, _FIRST_OF_2000_S, _FIRST_OF_2000_S),
        *(0, 0, UNITS_PER_EM, UNITS_PER_EM, 0, 3, 2, 0, 0),
    )
    hhea = struct.pack(
        ">HHhhhHhhhhhhhhhhhH", 1, 0, UNITS_PER_EM, DESCENT, 0, max(WIDTHS), *(0,) * 3, 1, *(0,) * 7, glyphs
    )
    maxp = struct.pack(">IH13H", 0x10000, glyphs, *(2, 2, 0, 0, 2), *(0,) * 8)
    tables = {
        b"OS/2": _os2(),
        # One segment that maps the last code to nothing: the PDF names glyphs by number.
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 1, 12)
        + struct.pack(">HHHHHHHHHHhH", 4, 24, 0, 2, 2, 0, 0, 0xFFFF, 0, 0xFFFF, 1, 0),
        b"glyf": b"".join(shapes),
        b"head": head,
        b"hhea": hhea,
        b"hmtx": b"".join(struct.pack(">Hh", width, 0) for width in WIDTHS),
        # In units of two bytes.
        b"loca": struct.pack(f">{glyphs + 1}H", *accumulate((len(shape) // 2 for shape in shapes), initial=0)),
        b"maxp": maxp,
        b"name": _name(),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, 0, 0, *(0,) * 5),
    }
    return _file(tables)


def _shape(width: int) -> bytes:
    """Return a glyph of two outlines of one point each, at opposite corners of its box.

    Nothing can be painted of it. But PDFium measures text by the boxes of its glyphs: without them, what Chrome marks
    is a line without a height, and a line of one character is not found at all.
    """
    if not width:
        return b""
    header = struct.pack(">hhhhh", 2, 0, 0, width, UNITS_PER_EM)
    # Last points of the outlines, no instructions; points on the curve; their distances, x and then y.
    return header + struct.pack(">HHHBBhhhh", 0, 1, 0, 1, 1, 0, width, 0, UNITS_PER_EM)


def _os2() -> bytes:
    return struct.pack(
        ">HhHHH10hh10BIIII4sHHHhhhHHIIhhHHH",
        *(4, 550, 400, 5, 0),
        *(650, 700, 0, 140, 650, 700, 0, 480, 50, 250, 0),
        *(0,) * 10,
        *(0, 0, 0, 0, b"NONE", 0x40, 0, 0xFFFF, UNITS_PER_EM, DESCENT, 0, UNITS_PER_EM, -DESCENT, 0, 0, 0, 0, 0, 0, 0),
    )


def _name() -> bytes:
    text = NAME.encode("utf-16-be")
    records = (1, 4, 6)  # family, full name, PostScript name
    entries = b"".join(struct.pack(">HHHHHH", 3, 1, 0x409, kind, len(text), 0) for kind in records)
    return struct.pack(">HHH", 0, len(records), 6 + len(entries)) + entries + text


def _file(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    start = struct.pack(">IHHHH", 0x10000, count, 16 << power, power, 16 * (count - (1 << power)))
    offset = len(start) + 16 * count
    directory, body = b"", b""
    for tag, data in sorted(tables.items()):
        padded = data + bytes(-len(data) % 4)
        directory += struct.pack(">4sIII", tag, _sum(padded), offset + len(body), len(data))
        body += padded
    font = bytearray(start + directory + body)
    struct.pack_into(">I", font, font.index(tables[b"head"]) + 8, (_CHECKSUM - _sum(bytes(font))) % 2**32)
    return bytes(font)


def _sum(data: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(data) // 4}I", data)
    return sum(words) % 2**32
