"""Fixtures for every label the model uses and every malformation that was thought of; then fuzzing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.ocr.grounding.blocks import Block, parse, serialize, shift
from ocr_app.ocr.grounding.boxes import Box
from ocr_app.ocr.prompts import Refs
from tests.ocr.grounding.outputs import PIECES, A, B, head

LABELS = [
    *("title", "sub_title", "text", "table", "image", "image_caption", "image_footnote", "table_caption"),
    *("table_footnote", "figure", "figure_title", "chart", "equation", "formula", "list", "code", "algorithm"),
    *("header", "footer", "page_number", "page_footnote", "footnote", "reference", "seal", "abandon"),
]


@pytest.mark.parametrize("label", LABELS)
def test_every_label(label: str) -> None:
    assert parse(head(label, A) + "words\n\n" + head("text", B) + "more") == (
        Block(label, "words", (A,)),
        Block("text", "more", (B,)),
    )


def test_a_block_may_have_several_boxes_and_no_text() -> None:
    assert parse(head("image", A, B)) == (Block("image", "", (A, B)),)


def test_words_before_the_first_head_are_a_block() -> None:
    assert parse("Hello\n" + head("text", A) + "you") == (Block("text", "Hello"), Block("text", "you", (A,)))


def test_a_table_stays_html() -> None:
    table = "<table><tr><td>1 < 2</td></tr></table>"
    assert parse(head("table", A) + table) == (Block("table", table, (A,)),)


TABLE = "<table><tr><td>Mode</td><td>Tiny</td></tr></table>"


def test_a_table_after_its_caption_is_in_its_own_block() -> None:
    """As the model writes it: both heads, the caption, the table; here with a second one and a footnote."""
    output = (
        head("table", A) + head("table_caption", B) + "Table 1 | Modes.   \n\n" + TABLE + "  \n\n"
        + head("table", B) + head("table_caption", A) + "Table 2\n\n" + TABLE + "\n\n"
        + head("table_footnote", A) + "* Squeezed.\n"
    )  # fmt: skip
    assert parse(output) == (
        Block("table", TABLE, (A,)),
        Block("table_caption", "Table 1 | Modes.", (B,)),
        Block("table", TABLE, (B,)),
        Block("table_caption", "Table 2", (A,)),
        Block("table_footnote", "* Squeezed.", (A,)),
    )
    assert parse(serialize(parse(output))) == parse(output)


@pytest.mark.parametrize(
    ("output", "texts"),
    [
        (head("table", A) + head("table_caption", B) + "One" + TABLE + "two", [TABLE, "One\n\ntwo"]),
        (head("table", A) + head("table_footnote", B) + "Note\n" + TABLE, [TABLE, "Note"]),
        (head("table", A) + head("table_caption", B) + "One\n\n" + TABLE[:30], [TABLE[:30], "One"]),
        (head("table", A) + head("table_caption", B) + TABLE + TABLE, [TABLE + TABLE, ""]),
        (head("table", A) + TABLE + head("table_caption", B) + "One" + TABLE, [TABLE, "One" + TABLE]),
        (head("table", A) + head("text", B) + "One" + TABLE, ["", "One" + TABLE]),
        (head("table", A) + head("table_caption", B) + "One", ["", "One"]),
        (head("table_caption", A) + "One" + TABLE, ["One" + TABLE]),
    ],
)
def test_where_the_text_of_a_table_goes(output: str, texts: list[str]) -> None:
    assert [block.text for block in parse(output)] == texts


def test_texts_between_the_marks() -> None:
    output = head("Invoice 42", A) + head("Total: 7 €", B)
    assert parse(output, "texts") == (Block("text", "Invoice 42", (A,)), Block("text", "Total: 7 €", (B,)))


def test_texts_between_the_marks_and_words_after() -> None:
    assert parse(head("Invoice", A) + "and words", "texts") == (
        Block("text", "Invoice", (A,)),
        Block("text", "and words"),
    )


@pytest.mark.parametrize(
    ("output", "blocks"),
    [
        ("<|ref|>tab", []),
        ("<|ref|>table<|/re", []),
        ("<|ref|>table<|/ref|>", []),
        ("<|ref|>table<|/ref|><|de", [Block("table", "<|de", (), ("no_det",))]),
        ("<|ref|>table<|/ref|><|det|>", []),
        ("<|ref|>table<|/ref|><|det|>[[10, 20, 300, 4", []),
        ("<|ref|>table<|/ref|><|det|>[[10, 20, 300, 40]", [Block("table", "", (A,), ("unclosed_det",))]),
        ("<|ref|>table<|/ref|><|det|>[[10, 20, 300, 40]]<|/d", [Block("table", "", (A,), ("unclosed_det",))]),
        ("<|ref|>text<|/ref|><|det|>[[10, 20, 300, 40]]\n12 men", [Block("text", "12 men", (A,), ("unclosed_det",))]),
        ("<|ref|>text<|/ref|>words", [Block("text", "words", (), ("no_det",))]),
        ("<|ref|>text<|det|>[[10,20,300,40]]<|/det|>hi", [Block("text", "hi", (A,), ("unclosed_ref",))]),
        ("<|ref|>a<|ref|>title<|/ref|><|det|>[[10,20,300,40]]<|/det|>hi", [Block("title", "hi", (A,))]),
        ("<|det|>[[10,20,300,40]]<|/det|>hi", [Block("text", "hi", (A,), ("no_ref",))]),
        ("<|/ref|>a<|/det|>b", [Block("text", "ab")]),
        ("<|ref|>TITLE <|/ref|> \n<|det|>[[10,20,300,40]]<|/det|>hi", [Block("title", "hi", (A,))]),
        ("<|ref|><|/ref|><|det|>[[10,20,300,40]]<|/det|>hi", [Block("text", "hi", (A,))]),
        ("<|ref|>new_label<|/ref|><|det|>[[10,20,300,40]]<|/det|>hi", [Block("new_label", "hi", (A,))]),
        ("<|ref|>text<|/ref|><|det|>here<|/det|>hi", [Block("text", "herehi", (), ("unclosed_det",))]),
        ("<|ref|>text<|/ref|><|det|>[]<|/det|>hi", [Block("text", "hi", ())]),
        ("hi<｜end▁of▁sentence｜>", [Block("text", "hi")]),
        ("<|grounding|>hi<image>", [Block("text", "hi")]),
        ("", []),
        (" \n ", []),
    ],
)
def test_truncated_and_malformed(output: str, blocks: list[Block]) -> None:
    assert list(parse(output)) == blocks


def test_a_runaway_head_is_text() -> None:
    words = "word " * 1000
    assert parse("<|ref|>" + words) == (Block("text", words.strip()),)


def test_a_strips_boxes_move_to_their_place_in_the_page() -> None:
    block = Block("text", "x", (Box(0, 0, 999, 999),))
    assert shift(block, top=0.5, share=0.5).boxes == (Box(0, 500, 999, 999),)
    assert shift(block, top=0.0, share=0.5).boxes == (Box(0, 0, 999, 500),)


@given(PIECES, st.sampled_from(["labels", "texts"]))
def test_parsing_never_fails_and_leaves_no_mark(output: str, refs: Refs) -> None:
    for block in parse(output, refs):
        assert block.text or block.boxes
        assert "<|ref|>" not in block.label
        for box in block.boxes:
            assert 0 <= box.x1 <= box.x2 <= 999
            assert 0 <= box.y1 <= box.y2 <= 999


@given(
    st.lists(
        st.tuples(
            st.sampled_from(LABELS),
            st.text(alphabet="abc äß中\n#*", min_size=1, max_size=30).filter(str.strip),
            st.tuples(*[st.integers(0, 999)] * 4),
        ),
        max_size=8,
    )
)
def test_what_the_model_writes_well_is_read_back(blocks: list[tuple[str, str, tuple[int, int, int, int]]]) -> None:
    output, wanted = "", []
    for label, text, (x1, y1, x2, y2) in blocks:
        box = Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        output += head(label, box) + text + "\n\n"
        wanted.append(Block(label, text.strip(), (box,)))
    assert list(parse(output)) == wanted
