"""The font of a document's text layer: which number stands for which character."""

from pikepdf import Array, Dictionary, Name, Object, Pdf

from ocr_app.documents.text_layer import glyphless
from ocr_app.documents.text_layer.widths import glyph_of

_MOST = 0xFFFF
"""Numbers have two bytes, and 0 is no character."""

_REPLACEMENT = "\ufffd"
_ENTRIES = 100
"""Most entries in one section of a CMap; see Adobe's Technical Note 5411."""


class LayerFont:
    """Gives each character of the document a number, in the order in which they come.

    So those beyond U+FFFF, which are two numbers in UTF-16, are one here: readers take a number for a character and
    find it.

    Args:
        pdf: Where the font goes.

    Attributes:
        reference: The font's object, for the resources of pages; complete after `finish`.
    """

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._numbers: dict[str, int] = {}
        self.reference: Object = pdf.make_indirect(Dictionary())

    def encode(self, text: str) -> str:
        """Return a text as the inside of a hexadecimal string of a content stream."""
        numbers = self._numbers
        result = []
        for character in text:
            number = numbers.get(character)
            if number is None:
                number = self._new(character)
            result.append(f"{number:04X}")
        return "".join(result)

    def _new(self, character: str) -> int:
        if len(self._numbers) >= _MOST - 1 and character != _REPLACEMENT:
            return self._numbers.get(_REPLACEMENT) or self._new(_REPLACEMENT)
        return self._numbers.setdefault(character, len(self._numbers) + 1)

    def finish(self) -> None:
        """Write the font, once all text is encoded; without any text there is none."""
        if not self._numbers:
            return
        name = Name("/" + glyphless.NAME)
        glyphs = [0, *map(glyph_of, self._numbers)]
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=4,  # symbolic: its characters are those of ToUnicode
            FontBBox=Array([0, 0, 1000, 1000]),
            Ascent=1000,
            Descent=glyphless.DESCENT,
            CapHeight=1000,
            ItalicAngle=0,
            StemV=80,
            FontFile2=self._stream(glyphless.build()),
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            FontDescriptor=self._pdf.make_indirect(descriptor),
            DW=glyphless.WIDTHS[0],
            W=Array([0, Array([glyphless.WIDTHS[glyph] for glyph in glyphs])]),
            CIDToGIDMap=self._stream(b"".join(glyph.to_bytes(2, "big") for glyph in glyphs)),
        )
        font = self.reference
        font.Type, font.Subtype, font.BaseFont = Name.Font, Name.Type0, name
        font.Encoding = Name("/Identity-H")
        font.DescendantFonts = Array([self._pdf.make_indirect(descendant)])
        font.ToUnicode = self._stream(_to_unicode(self._numbers).encode())

    def _stream(self, data: bytes) -> Object:
        return deflated(self._pdf, data)


def deflated(pdf: Pdf, data: bytes, **entries: Object | int) -> Object:
    """Return a new compressed stream of a document."""
    import zlib

    return pdf.make_stream(zlib.compress(data), Filter=Name.FlateDecode, **entries)


def _to_unicode(numbers: dict[str, int]) -> str:
    entries = [
        f"<{number:04X}> <{character.encode('utf-16-be').hex().upper()}>" for character, number in numbers.items()
    ]
    sections = [entries[start : start + _ENTRIES] for start in range(0, len(entries), _ENTRIES)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
            *(f"{len(section)} beginbfchar\n" + "\n".join(section) + "\nendbfchar" for section in sections),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    )
