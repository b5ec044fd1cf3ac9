import json

import jsonschema  # type: ignore[import-untyped]

from ocr_app.engine.cpu.answer import Piece, Writer, Writing
from ocr_app.engine.types import Json
from ocr_app.ocr.layout_json import LayoutBlock
from ocr_app.ocr.page_break import PAGE_BREAK
from tests.ocr.layout_schema import LAYOUT_SCHEMA

HEAD = Piece("", LayoutBlock("header", "Chapter 4", ((0, 0, 9, 9),)))
ONE = Piece("One two.", LayoutBlock("text", "One two.", ((0, 10, 9, 19),)))
PICTURE = Piece("", LayoutBlock("image", "", ((0, 20, 9, 29),)))
TWO = Piece("Three four.", LayoutBlock("text", "Three four.", ((0, 30, 9, 39),)))


def write(
    *pages: list[Piece], writing: Writing = "markdown", max_tokens: int = 100, stop: tuple[str, ...] = ()
) -> tuple[str, Writer]:
    writer = Writer(writing, max_tokens, stop)
    text = ""
    for index, page in enumerate(pages):
        text += "".join(writer.page(10, 40, page, last=index == len(pages) - 1))
        if writer.finish_reason is not None:
            break
    return text + writer.end(), writer


def blocks(layout: Json) -> list[list[str]]:
    jsonschema.validate(layout, LAYOUT_SCHEMA)
    return [[block["text"] for block in page["blocks"]] for page in layout["pages"]]


def test_blocks_are_separated_by_an_empty_line_and_pages_by_a_rule() -> None:
    text, writer = write([HEAD, ONE, PICTURE, TWO], [], [HEAD, TWO])
    assert text == "One two.\n\nThree four." + PAGE_BREAK + PAGE_BREAK + "Three four."
    assert writer.tokens == 15
    assert blocks(writer.layout()) == [["Chapter 4", "One two.", "", "Three four."], [], ["Chapter 4", "Three four."]]


def test_a_blank_page_is_empty_text_and_has_a_page_in_the_layout() -> None:
    text, writer = write([])
    assert text == ""
    assert writer.layout() == {"pages": [{"index": 0, "width": 10, "height": 40, "blocks": []}]}


def test_plain_text_has_no_layout_beside_it() -> None:
    assert write([ONE], writing="text")[1].layout() is None


def test_text_ends_at_the_limit_and_the_layout_with_the_block_that_it_fell_into() -> None:
    text, writer = write([ONE, TWO], [TWO], max_tokens=4)
    assert (text, writer.finish_reason) == ("One two.\n\nThree", "length")
    assert blocks(writer.layout()) == [["One two.", "Three four."]]
    text, writer = write([ONE, TWO], [TWO], stop=("four",))
    assert (text, writer.finish_reason) == ("One two.\n\nThree ", "stop")


def test_the_layout_as_answer_is_json_however_it_ends() -> None:
    text, writer = write([ONE, PICTURE], [TWO], writing="layout")
    assert blocks(json.loads(text)) == [["One two.", ""], ["Three four."]]
    assert (writer.tokens, writer.finish_reason, writer.layout()) == (6, None, None)
    text, writer = write([ONE, TWO], [TWO], writing="layout", max_tokens=4)
    assert blocks(json.loads(text)) == [["One two.", "Three"]]
    assert (writer.tokens, writer.finish_reason) == (4, "length")
    text, writer = write([ONE, TWO], [TWO], writing="layout", stop=("four",))
    assert blocks(json.loads(text)) == [["One two.", "Three "]]
    assert writer.finish_reason == "stop"
    assert blocks(json.loads(write([], writing="layout")[0])) == [[]]
