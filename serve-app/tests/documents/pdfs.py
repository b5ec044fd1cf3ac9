"""PDFs for tests, made here: sound ones, odd ones, and ones that are made to do harm."""

import io
import zlib
from collections.abc import Callable, Sequence
from typing import Any, cast

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

LETTER = (612, 792)
Box = Sequence[float]


def saved(pdf: Pdf, **options: Any) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer, **options)
    return buffer.getvalue()


def add_page(pdf: Pdf, content: bytes, box: Box = (0, 0, *LETTER), **fields: Any) -> pikepdf.Page:
    """Append a page whose fonts are F1 (Latin) and F2 (Chinese, and not in the PDF)."""
    chinese = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType0,
        BaseFont=Name("/STSong-Light"),
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("GB1"), Supplement=4),
    )
    fonts = Dictionary(
        F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica),
        F2=Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/STSong-Light"),
            Encoding=Name("/UniGB-UCS2-H"),
            DescendantFonts=Array([chinese]),
        ),
    )
    page = pdf.make_indirect(
        Dictionary(
            Type=Name.Page,
            MediaBox=Array(list(box)),
            Resources=Dictionary(Font=fonts),
            Contents=pdf.make_stream(content),
            **fields,
        )
    )
    pdf.pages.append(pikepdf.Page(page))
    return pdf.pages[-1]


def text(words: str, at: tuple[float, float] = (72, 700), size: float = 24, mode: int = 0) -> bytes:
    """Content that writes a line; mode 3 is invisible."""
    x, y = at
    safe = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /F1 {size} Tf {mode} Tr {x} {y} Td ({safe}) Tj ET\n".encode("latin-1")


def pages(count: int, box: Box = (0, 0, *LETTER)) -> bytes:
    """Pages that each say their number, from 1."""
    pdf = Pdf.new()
    place, size = ((72, 700), 24) if box[2] > 500 else ((2, 4), 6)
    for number in range(1, count + 1):
        add_page(pdf, text(f"Page {number}", place, size), box)
    return saved(pdf)


def one(content: bytes = text("Hello"), box: Box = (0, 0, *LETTER), **fields: Any) -> bytes:
    pdf = Pdf.new()
    add_page(pdf, content, box, **fields)
    return saved(pdf)


def chinese() -> bytes:
    written = "".join(f"{ord(sign):04X}" for sign in "漢字漢字漢字" * 10)
    return one(f"BT /F2 24 Tf 72 700 Td <{written}> Tj ET".encode())


_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Own def /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange
%d beginbfchar
%s
endbfchar endcmap CMapName currentdict /CMap defineresource pop end end"""


def drawn_font(pdf: Pdf, letters: str) -> Dictionary:
    """A font whose letters are all black boxes: code 1 is the first of the letters, and so on."""
    box = pdf.make_stream(b"600 0 0 0 450 700 d1 0 0 450 700 re f")
    codes = b"\n".join(b"<%02X> <%04X>" % (code, ord(letter)) for code, letter in enumerate(letters, start=1))
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=Array([0, 0, 600, 700]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        CharProcs=Dictionary(box=box),
        Encoding=Dictionary(Type=Name.Encoding, Differences=Array([1, *[Name("/box")] * len(letters)])),
        FirstChar=1,
        LastChar=len(letters),
        Widths=Array([600] * len(letters)),
        ToUnicode=pdf.make_stream(_UNICODE % (len(letters), codes)),
        Resources=Dictionary(),
    )


def in_letters(letters: str, count: int = 60) -> bytes:
    """A line of so many of these letters, in a font that is in the PDF."""
    pdf = Pdf.new()
    codes = "".join(f"{1 + at % len(letters):02X}" for at in range(count))
    page = add_page(pdf, f"BT /F3 12 Tf 72 700 Td <{codes}> Tj ET".encode())
    page.Resources.Font.F3 = drawn_font(pdf, letters)
    return saved(pdf)


def form() -> bytes:
    """A field that is filled in, of which the page itself says nothing."""
    pdf = Pdf.new()
    page = add_page(pdf, b"")
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("name"),
            V=String("Ada Lovelace, filled in"),
            DA=String("/F1 24 Tf 0 g"),
            Rect=Array([72, 600, 540, 640]),
            F=4,
            P=page.obj,
        )
    )
    page.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([field]), DA=String("/F1 24 Tf 0 g"), NeedAppearances=True, DR=page.Resources
    )
    return saved(pdf)


def encrypted(user: str, owner: str = "owner", revision: int = 6) -> bytes:
    pdf = Pdf.new()
    add_page(pdf, text("Secret"))
    kind = pikepdf.Encryption(user=user, owner=owner, R=cast(Any, revision), aes=revision >= 4, metadata=revision >= 4)
    return saved(pdf, encryption=kind)


def _image(width: int, height: int, colours: Name, parts: int) -> Callable[[Pdf], Stream]:
    def make(pdf: Pdf) -> Stream:
        packer = zlib.compressobj(9)
        row = bytes(width * parts)
        data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
        return Stream(
            pdf,
            data,
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=width,
            Height=height,
            ColorSpace=colours,
            BitsPerComponent=8,
            Filter=Name.FlateDecode,
        )

    return make


def image_bomb(side: int = 15_000) -> bytes:
    """A picture of 225 million pixels in some 200 KB."""
    pdf = Pdf.new()
    page = add_page(pdf, b"q 612 0 0 792 0 0 cm /Im0 Do Q")
    page.Resources.XObject = Dictionary(Im0=_image(side, side, Name.DeviceGray, 1)(pdf))
    return saved(pdf)


def drawing_bomb(levels: int = 12, each: int = 10) -> bytes:
    """Pictures of pictures of pictures: a page of some kilobytes that takes for ever."""
    pdf = Pdf.new()
    inner = Stream(pdf, b"0 0 1 1 re f\n" * each, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 612, 792]))
    for _ in range(levels):
        resources = Dictionary(XObject=Dictionary(X=pdf.make_indirect(inner)))
        inner = Stream(
            pdf,
            b"/X Do\n" * each,
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 612, 792]),
            Resources=resources,
        )
    page = add_page(pdf, b"/X Do")
    page.Resources.XObject = Dictionary(X=pdf.make_indirect(inner))
    add_page(pdf, text("After it"))
    return saved(pdf)


def no_pages() -> bytes:
    return saved(Pdf.new())


def claims_pages(count: int) -> bytes:
    """One page, where the file says that there are so many."""
    pdf = Pdf.open(io.BytesIO(one()))
    pdf.Root.Pages.Count = count
    return saved(pdf)


def truncated(data: bytes) -> list[bytes]:
    """The file, cut off at every tenth of it."""
    return [data[: len(data) * tenth // 10] for tenth in range(1, 10)]
