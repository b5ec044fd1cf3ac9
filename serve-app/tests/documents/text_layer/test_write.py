import io
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from ocr_app.documents.text_layer.layer import HAS_LAYER, HAS_TEXT, NO_TEXT
from ocr_app.documents.text_layer.types import PageText, TextLine
from ocr_app.documents.text_layer.write import add_text_layer
from ocr_app.ocr.layout_json import LayoutBlock
from tests.documents.text_layer.support import (
    found_box,
    helvetica,
    layered,
    line,
    outcomes,
    page,
    pdf_of,
    rendered,
    saved,
    text_of,
)

LONG = "This page has a visible text of more than fifty characters, which people can search."


def shown(text: str, mode: int = 0) -> bytes:
    return f"BT {mode} Tr /F1 12 Tf 20 300 Td ({text}) Tj ET".encode()


def opened(data: bytes) -> Pdf:
    return pikepdf.open(io.BytesIO(data))


def streams(pdf: Pdf) -> set[tuple[bytes, str]]:
    """All streams of a document, as they are in the file."""
    return {
        (thing.read_raw_bytes(), str(thing.get("/Filter")))
        for thing in pdf.objects
        if isinstance(thing, pikepdf.Stream) and thing.get("/Type") not in ("/XRef", "/ObjStm")
    }


def test_words_of_a_line_are_found_together() -> None:
    result, done = layered(saved(pdf_of(b"")), page(0, "Searching several words", "on a second line"))
    assert outcomes(done) == ["added"]
    assert text_of(result) == "Searching several words\non a second line"
    for words in ("Searching several", "several words", "a second"):
        assert found_box(result, words, 400) is not None


def test_the_page_looks_the_same() -> None:
    data = saved(pdf_of(b"0.5 g 30 30 200 100 re f BT /F1 12 Tf 20 300 Td (Stamp) Tj ET"))
    result, _ = layered(data, page(0, "A line of text"))
    assert (rendered(result, 400) == rendered(data, 400)).all()


def test_all_that_the_file_has_stays_as_it_is() -> None:
    images = [Image.effect_noise((60, 40), 90).convert("RGB") for _ in range(2)]
    file = io.BytesIO()
    images[0].save(file, "PDF", save_all=True, append_images=images[1:], title="Two scans")
    pdf = opened(file.getvalue())
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Chapter", 1))
    pdf.attachments["notes.txt"] = b"kept"
    # Not compressed in the file, and compressed in an unusual way.
    pdf.Root.Plain = pdf.make_stream(b"a stream " * 100)
    pdf.Root.Hex = pdf.make_stream(b"616263>", Filter=Name.ASCIIHexDecode)
    data = saved(pdf, compress_streams=False)
    result, done = layered(data, page(0, "first"), page(1, "second"))
    assert outcomes(done) == ["added", "added"]
    before, after = opened(data), opened(result)
    assert streams(before) <= streams(after)
    assert len(streams(after)) == len(streams(before)) + 2 + 3  # two pages; the font, its numbers and its glyphs
    assert after.docinfo["/Title"] == "Two scans"
    assert after.attachments["notes.txt"].get_file().read_bytes() == b"kept"
    with after.open_outline() as outline:
        assert [item.title for item in outline.root] == ["Chapter"]


def test_a_page_that_leaves_the_graphics_state_as_it_must_not() -> None:
    turned = b"q 0 1 -1 0 300 0 cm 5 Tc 50 Tz 2 Tr q"
    result, _ = layered(saved(pdf_of(turned)), page(0, "A line of text"))
    assert found_box(result, "A line of text", 400) == pytest.approx((40, 40, 180, 60), abs=1)


@pytest.mark.parametrize("kind", ["array", "shared", "none", "null in an array"])
def test_contents_of_any_kind(kind: str) -> None:
    pdf = pdf_of(b"", b"")
    mark = pdf.make_stream(b"0 g 10 10 50 50 re")
    rest = pdf.make_stream(b"f")
    for each in pdf.pages:
        if kind == "none":
            del each.obj["/Contents"]
        else:
            each.obj.Contents = Array([mark, rest] if kind != "null in an array" else [mark, None, rest])
    if kind == "shared":
        pdf.pages[1].obj.Contents = pdf.pages[0].obj.Contents = pdf.make_indirect(Array([mark, rest]))
    data = saved(pdf)
    result, done = layered(data, page(0, "only on the first"))
    assert outcomes(done) == ["added"]
    assert [text_of(result, index) for index in (0, 1)] == ["only on the first", ""]
    assert all((rendered(result, 100, index) == rendered(data, 100, index)).all() for index in (0, 1))


def test_pages_that_share_their_resources_share_the_new_ones() -> None:
    pdf = pdf_of(*[b""] * 5)
    shared = pdf.make_indirect(Dictionary(Font=Dictionary(F1=helvetica())))
    for each in pdf.pages:
        each.obj.Resources = shared
    result, _ = layered(saved(pdf), *(page(index, "text") for index in range(4)))
    after = opened(result)
    assert len({each.obj.Resources.objgen for each in after.pages}) == 2
    assert list(after.pages[4].obj.Resources.Font.keys()) == ["/F1"]


@pytest.mark.parametrize(
    "resources", [None, Array([]), Dictionary(Font=Array([])), Dictionary(Font=Dictionary(GlyphlessOCR=1))]
)
def test_resources_of_any_kind(resources: Any) -> None:
    pdf = pdf_of(b"")
    del pdf.pages[0].obj["/Resources"]
    if resources is not None:
        pdf.pages[0].obj.Resources = resources
    result, _ = layered(saved(pdf), page(0, "text"))
    assert text_of(result) == "text"


def test_names_that_are_not_utf_8() -> None:
    pdf = pdf_of(b"BT 3 Tr /F\xe9 12 Tf 20 300 Td (old) Tj ET /Fm\xe9 Do 0 g 10 10 50 50 re f")
    fonts = pikepdf.Object.parse(b"<< /Font << /F\xe9 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>")
    pdf.pages[0].obj.Resources = fonts
    data = saved(pdf)
    result, done = layered(data, page(0, "new"), redo=True)
    assert outcomes(done) == ["replaced"]
    assert text_of(result) == "new"
    assert (rendered(result, 100) == rendered(data, 100)).all()


def test_a_page_that_is_in_the_document_twice() -> None:
    pdf = pdf_of(b"")
    pdf.Root.Pages.Kids.append(pdf.pages[0].obj)
    pdf.Root.Pages.Count = 2
    result, done = layered(saved(pdf), page(0, "first"), page(1, "second"))
    assert outcomes(done) == ["added", "added"]
    assert [text_of(result, index) for index in (0, 1)] == ["first", "second"]


def test_pages_with_visible_text_are_skipped() -> None:
    data = saved(pdf_of(shown(LONG), shown("Page 2"), shown("\\001\\002" * 60), b""))
    result, done = layered(data, *(page(index, "from the scan") for index in range(3)), page(3))
    assert outcomes(done) == ["skipped", "added", "added", "skipped"]
    assert [done[0].reason, done[3].reason] == [HAS_TEXT, NO_TEXT]
    assert text_of(result) == LONG
    assert "from the scan" in text_of(result, 1)
    before, after = opened(data), opened(result)
    for index in (0, 3):
        assert after.pages[index].obj.Contents.read_raw_bytes() == before.pages[index].obj.Contents.read_raw_bytes()
        assert "/GlyphlessOCR" not in after.pages[index].obj.Resources.Font


def test_text_with_characters_for_private_use_cannot_be_searched() -> None:
    for signs, outcome in ((1, "skipped"), (4, "added")):
        layer, _ = layered(saved(pdf_of(b"")), page(0, LONG + " " + "\ue000" * signs))
        with opened(layer) as pdf:
            stream = pdf.pages[0].obj.Contents[0]
            stream.write(stream.read_bytes().replace(b"3 Tr", b"0 Tr"))
            assert outcomes(layered(saved(pdf), page(0, "text"))[1]) == [outcome]


def test_an_old_layer_stays_without_redo() -> None:
    data = saved(pdf_of(shown("an old layer", mode=3)))
    result, done = layered(data, page(0, "a new one"))
    assert [(each.outcome, each.reason) for each in done] == [("skipped", HAS_LAYER)]
    assert text_of(result) == "an old layer"


OLD_LAYERS = {
    "plain": b"BT 3 Tr /F1 12 Tf 20 300 Td (old) Tj 0 -20 Td [(o) -20 (ld)] TJ 0 Tr ET",
    "next lines": b"BT 3 Tr /F1 12 Tf 14 TL 20 300 Td (old) ' 1 2 (old) \" 0 Tr 0 -20 Td (Stamp) Tj 0 Tc 0 Tw ET",
    "mode from before": b"3 Tr q BT /F1 12 Tf 20 300 Td (old) Tj ET Q 0 Tr",
    "mode until Q": b"q 3 Tr BT /F1 12 Tf 20 300 Td (old) Tj ET Q Q",
    "form": b"q /Fm1 Do Q",
    "form within a form": b"q /Fm2 Do Q",
    "form, mode from outside": b"q 3 Tr /Fm3 Do Q",
}


@pytest.mark.parametrize("kind", OLD_LAYERS)
def test_redo_replaces_invisible_text_and_nothing_else(kind: str) -> None:
    visible = b"BT /F1 12 Tf 20 200 Td (Stamp) Tj ET 0.2 g 40 40 90 90 re f"
    pdf = pdf_of(OLD_LAYERS[kind] + b"\n" + visible, visible)
    resources = Dictionary(Font=Dictionary(F1=helvetica()))
    text = b"BT 3 Tr /F1 12 Tf 20 300 Td (old) Tj ET 9 9 20 20 re f"
    form = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": [0, 0, 400, 400], "Resources": resources}
    first = pdf.make_stream(text, **form)
    outer = pdf.make_stream(b"/Fm1 Do", **form | {"Resources": Dictionary(XObject=Dictionary(Fm1=first))})
    bare = pdf.make_stream(text.replace(b"3 Tr ", b""), **form)
    pdf.pages[0].obj.Resources.XObject = Dictionary(Fm1=first, Fm2=outer, Fm3=bare)
    data = saved(pdf)
    assert "old" in text_of(data)
    result, done = layered(data, page(0, "new"), page(1, "new"), redo=True)
    assert outcomes(done) == ["replaced", "added"]
    assert set(text_of(result).split()) == {"Stamp", "new"}
    assert (rendered(result, 400) == rendered(data, 400)).all()


def test_redo_of_our_own_layer_leaves_the_page_as_it_was() -> None:
    original = saved(pdf_of(b"0 g 10 10 50 50 re f"))
    once, _ = layered(original, page(0, "first try"))
    twice, done = layered(once, page(0, "second try"), redo=True)
    assert outcomes(done) == ["replaced"]
    assert text_of(twice) == "second try"
    before, after = opened(original), opened(twice)
    _, content = after.pages[0].obj.Contents
    assert content.read_raw_bytes() == before.pages[0].obj.Contents.read_raw_bytes()
    assert abs(len(twice) - len(once)) < 200


def test_an_old_layer_stays_if_there_is_no_new_text() -> None:
    result, done = layered(saved(pdf_of(shown("an old layer", mode=3))), page(0, "  \n "), redo=True)
    assert [(each.outcome, each.reason) for each in done] == [("skipped", NO_TEXT)]
    assert text_of(result) == "an old layer"


def test_a_page_that_fails_is_named_and_the_others_are_done() -> None:
    corner = (float("nan"), 0.0)
    nowhere = PageText(1, 400, 400, [TextLine("text", (corner, corner, corner, corner))])
    pages = [page(0, "zero"), nowhere, page(7, "seven"), page(0, "again"), page(2, "two")]
    result, done = layered(saved(pdf_of(b"", b"", b"")), *pages)
    assert outcomes(done) == ["added", "failed", "failed", "failed", "added"]
    assert [each.index for each in done] == [0, 1, 7, 0, 2]
    assert "there is no page 7: the document has 3" in done[2].reason
    assert [text_of(result, index) for index in range(3)] == ["zero", "", "two"]


def test_a_damaged_old_layer_spoils_its_own_page_only() -> None:
    pdf = pdf_of(shown("old", mode=3), b"")
    pdf.pages[0].obj.Resources.XObject = Dictionary(
        Fm1=pdf.make_stream(b"", Subtype=Name.Form, Filter=Name.JBIG2Decode)
    )
    pdf.pages[0].obj.Contents = pdf.make_stream(shown("old", mode=3) + b" /Fm1 Do")
    result, done = layered(saved(pdf), page(0, "new"), page(1, "new"), redo=True)
    assert outcomes(done) == ["failed", "added"]
    assert done[0].reason
    assert [text_of(result, index) for index in (0, 1)] == ["old", "new"]


def test_lines_come_in_the_order_of_the_blocks() -> None:
    lines = [
        line("left one", (20, 20, 100, 40)),
        line("right one", (220, 20, 300, 40)),
        line("left two", (20, 60, 100, 80)),
        line("right two", (220, 60, 300, 80)),
    ]
    blocks = [LayoutBlock("text", "", ((10, 10, 190, 90),)), LayoutBlock("text", "", ((210, 10, 390, 90),))]
    result, _ = layered(saved(pdf_of(b"")), PageText(0, 400, 400, lines, blocks))
    assert text_of(result).split("\n") == ["left one", "left two", "right one", "right two"]


def test_the_result_comes_in_pieces_and_pages_are_taken_one_by_one() -> None:
    taken: list[int] = []
    pieces: list[bytes] = []

    def pages() -> Any:
        for index in range(3):
            taken.append(index)
            yield page(index, "text")

    pdf = pdf_of(b"", b"", b"")
    pdf.Root.Large = pdf.make_stream(bytes(3_000_000))
    add_text_layer(saved(pdf, compress_streams=False), pages(), pieces.append)
    assert taken == [0, 1, 2]
    assert len(pieces) > 1
    assert text_of(b"".join(pieces), 2) == "text"
