import json

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.ocr.grounding.blocks import parse
from ocr_app.ocr.output import MarkdownWriter, page_layout
from ocr_app.ocr.prompts import Refs
from tests.ocr.grounding.outputs import PIECES, A, B, head
from tests.ocr.layout_schema import LAYOUT_SCHEMA


def markdown(raw: str, refs: Refs = "labels") -> str:
    """A whole output at once."""
    writer = MarkdownWriter(refs)
    return writer.feed(raw) + writer.close()


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (head("title", A) + "# Title \n\n" + head("text", B) + "Words.\n", "# Title \n\nWords."),
        ("no marks at all\n", "no marks at all"),
        (head("text", A) + "a\n\n\n\n" + head("text", B) + "b", "a\n\nb"),
        (head("image", A) + "\n" + head("text", B) + "b", "![image](#xywh=percent:1,2,29,2)\n\nb"),
        (head("text", A) + "x \\coloneqq y \\eqqcolon z \\colon", "x := y =: z \\colon"),
        (head("table", A) + "<table><tr><td>a<b</td></tr></table>", "<table><tr><td>a<b</td></tr></table>"),
        (
            head("image_caption", A) + "<center>Figure 1 </center>  \n\n" + head("text", B) + "<center>",
            "Figure 1   \n\n<center>",
        ),
        (head("table_caption", A) + "Table 1: a <cent", "Table 1: a <cent"),
        (head("table_caption", A) + "a <cent" + head("text", B) + "er>b", "a <center>b"),
        ("a\n<|ref|>tab", "a"),
        ("a <|re", "a <|re"),
        ("a<｜end▁of▁sentence｜>", "a"),
        ("", ""),
        ("\n\n \n", " "),
    ],
)
def test_clean_markdown(raw: str, clean: str) -> None:
    assert markdown(raw) == clean


def test_clean_markdown_of_read_texts() -> None:
    assert markdown(head("Invoice 42", A) + head("Total", B), "texts") == "Invoice 42\nTotal"


@given(PIECES, st.sampled_from(["labels", "texts"]), st.data())
def test_streamed_markdown_equals_whole_markdown(raw: str, refs: Refs, data: st.DataObject) -> None:
    writer, out, rest = MarkdownWriter(refs), "", raw
    while rest:
        size = data.draw(st.integers(1, 7))
        out += writer.feed(rest[:size])
        rest = rest[size:]
    out += writer.close()
    assert out == markdown(raw, refs)


@given(PIECES)
def test_no_whole_mark_stays_and_no_two_blank_lines(raw: str) -> None:
    clean = markdown(raw)
    assert "<|ref|>" not in clean.replace("<|ref|><|", "")
    assert "\n\n\n" not in clean
    assert not clean.startswith("\n")
    assert not clean.endswith("\n")


@given(PIECES, st.integers(1, 9999), st.integers(1, 9999))
def test_layout_follows_its_schema(raw: str, width: int, height: int) -> None:
    text = json.dumps({"pages": [page_layout(0, width, height, parse(raw))]})
    jsonschema.validate(json.loads(text), LAYOUT_SCHEMA)


def test_captions_of_the_layout_are_not_centered() -> None:
    blocks = parse(
        head("image_caption", A) + "<center>Figure 1 </center>  \n\n" + head("text", B) + "<center>x</center>"
    )
    texts = [block["text"] for block in page_layout(0, 10, 10, blocks)["blocks"]]
    assert texts == ["Figure 1", "<center>x</center>"]


def test_layout_by_value() -> None:
    page = page_layout(2, 1998, 999, parse(head("title", A) + "Hi\n" + "<|ref|>text<|/ref|>there"))
    assert page == {
        "index": 2,
        "width": 1998,
        "height": 999,
        "blocks": [
            {"label": "title", "text": "Hi", "boxes": [[20, 20, 600, 40]]},
            {"label": "text", "text": "there", "boxes": [], "problems": ["no_det"]},
        ],
    }
