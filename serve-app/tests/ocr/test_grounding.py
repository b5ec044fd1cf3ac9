"""Fixtures for every label the model uses and every malformation that was thought of; then fuzzing."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.ocr.grounding import Block, Box, Scanner, Text, parse, parse_boxes, scan, shift, to_pixels

LABELS = [
    *("title", "sub_title", "text", "table", "image", "image_caption", "image_footnote", "table_caption"),
    *("table_footnote", "figure", "figure_title", "chart", "equation", "formula", "list", "code", "algorithm"),
    *("header", "footer", "page_number", "page_footnote", "footnote", "reference", "seal", "abandon"),
]
A, B = Box(10, 20, 300, 40), Box(5, 50, 990, 900)


def head(label: str, *boxes: Box) -> str:
    inner = ", ".join(f"[{box.x1}, {box.y1}, {box.x2}, {box.y2}]" for box in boxes)
    return f"<|ref|>{label}<|/ref|><|det|>[{inner}]<|/det|>\n"


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


@pytest.mark.parametrize(
    ("text", "boxes", "problems"),
    [
        ("[[10, 20, 300, 40]]", (A,), ()),
        ("[10,20,300,40]", (A,), ()),
        ("[(10,20,300,40)]", (A,), ()),
        ("[[10,20,300,40],[5,50,990,900]]", (A, B), ()),
        ("[[10,20,300,40][5,50,990,900]", (A, B), ()),
        ("[[10.2, 19.9, 300.0, 40]]", (A,), ()),
        ("[[300, 40, 10, 20]]", (A,), ("swapped_box",)),
        ("[[-5, 20, 1200, 40]]", (Box(0, 20, 999, 40),), ("clipped_box",)),
        ("[[10, 20, 300]]", (), ("bad_box",)),
        ("[[10, 20, 300, 40, 50]]", (), ("bad_box",)),
        ("[[10, 20, 300, 4", (), ("bad_box",)),
        ("[[10, 20, 300, 40], [5, 5", (A,), ("bad_box",)),
        ("[[" + "9" * 5000 + ", 20, 300, 40]]", (Box(300, 20, 999, 40),), ("clipped_box", "swapped_box")),
        ("[[]]", (), ()),
        ("[[", (), ()),
        ("", (), ()),
        ("10, 20, 300, 40", (), ()),
    ],
)
def test_boxes(text: str, boxes: tuple[Box, ...], problems: tuple[str, ...]) -> None:
    assert parse_boxes(text) == (boxes, problems)


def test_a_runaway_head_is_text() -> None:
    words = "word " * 1000
    assert parse("<|ref|>" + words) == (Block("text", words.strip()),)


def test_boxes_become_pixels_of_the_original_image() -> None:
    assert to_pixels(Box(0, 0, 999, 999), 1654, 2339) == (0, 0, 1654, 2339)
    assert to_pixels(Box(100, 200, 300, 400), 999, 1998) == (100, 400, 300, 800)


@given(
    st.tuples(*[st.integers(0, 999)] * 4).map(
        lambda n: Box(min(n[0], n[2]), min(n[1], n[3]), max(n[0], n[2]), max(n[1], n[3]))
    ),
    st.integers(1, 20_000),
    st.integers(1, 20_000),
)
def test_pixel_boxes_stay_inside_the_image(box: Box, width: int, height: int) -> None:
    left, top, right, bottom = to_pixels(box, width, height)
    assert 0 <= left <= right <= width
    assert 0 <= top <= bottom <= height


def test_a_strips_boxes_move_to_their_place_in_the_page() -> None:
    block = Block("text", "x", (Box(0, 0, 999, 999),))
    assert shift(block, top=0.5, share=0.5).boxes == (Box(0, 500, 999, 999),)
    assert shift(block, top=0.0, share=0.5).boxes == (Box(0, 0, 999, 500),)


PIECES = st.lists(
    st.sampled_from(
        ["<|ref|>", "<|/ref|>", "<|det|>", "<|/det|>", "<image>", "<|grounding|>", "[[1, 2, 3, 4]]", "[[1,2", "]", "<",
         "<|", "|>", "\n", "\n\n\n", " ", "text", "image", "a < b", "1. One", "\\coloneqq", "<td>", "é"]
    )
    | st.text(max_size=5),
    max_size=30,
).map("".join)  # fmt: skip


@given(PIECES, st.data())
def test_events_do_not_depend_on_how_the_output_is_cut(output: str, data: st.DataObject) -> None:
    scanner, events, rest = Scanner(), [], output
    while rest:
        size = data.draw(st.integers(1, 7))
        events += scanner.feed(rest[:size])
        rest = rest[size:]
    events += scanner.close()
    assert joined(events) == joined(scan(output))


def joined(events: Sequence[object]) -> list[object]:
    merged: list[object] = []
    for event in events:
        if isinstance(event, Text) and merged and isinstance(merged[-1], Text):
            merged[-1] = Text(merged[-1].text + event.text)
        else:
            merged.append(event)
    return merged


@given(PIECES, st.sampled_from(["labels", "texts"]))
def test_parsing_never_fails_and_leaves_no_mark(output: str, refs: str) -> None:
    for block in parse(output, refs):  # type: ignore[arg-type]
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
