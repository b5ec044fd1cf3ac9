"""Pages of an answer of POST /v1/ocr, by value."""

from typing import Any

import pytest

from ocr_app.api.mistral.page import Numbers, PageText, Wanted, failed_page, page_object
from ocr_app.api.mistral.response import end_of_response
from ocr_app.api.mistral.tables import to_pipes
from ocr_app.ocr.layout_json import LayoutBlock

TABLE = "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2|3</td></tr></table>"
PIPES = "| a | b |\n| --- | --- |\n| 1 | 2\\|3 |"
BLOCKS = (
    LayoutBlock("header", "ACME Inc.", ((10, 5, 90, 9),)),
    LayoutBlock("title", "# Report", ((10, 10, 190, 20),)),
    LayoutBlock("text", "Some words.", ((10, 30, 90, 40), (100, 28, 190, 42))),
    LayoutBlock("image", "", ((10, 50, 60, 90),)),
    LayoutBlock("image_caption", "Figure 1", ((10, 91, 60, 95),)),
    LayoutBlock("table", TABLE, ((10, 100, 190, 150),)),
    LayoutBlock("equation", "$$x^2$$"),
    LayoutBlock("page_number", "3", ((90, 280, 110, 290),)),
)
MARKDOWN = "\n\n".join(
    ["ACME Inc.", "# Report", "Some words.", "![image](#xywh=percent:5,17,25,13)", "Figure 1", TABLE, "$$x^2$$"]
)
PAGE = PageText(2, MARKDOWN, BLOCKS, width=200, height=300, dpi=144, verdict="ok")


def corners(left: int, top: int, right: int, bottom: int) -> dict[str, int]:
    return {"top_left_x": left, "top_left_y": top, "bottom_right_x": right, "bottom_right_y": bottom}


def test_a_plain_page() -> None:
    """What Open WebUI reads: index and markdown."""
    page = PageText(0, "# Hello\n\nworld", (LayoutBlock("text", "other"),), 200, 300, 144, "ok")
    assert page_object(page, Wanted(), Numbers()) == {
        "index": 0,
        "markdown": "# Hello\n\nworld",
        "images": [],
        "dimensions": {"dpi": 144, "height": 300, "width": 200},
        "ocr": {"verdict": "ok"},
    }
    assert page_object(PageText(1, "x"), Wanted(), Numbers()) == {
        "index": 1,
        "markdown": "x",
        "images": [],
        "dimensions": None,
    }


def test_pictures_are_named_in_the_text() -> None:
    found = page_object(PAGE, Wanted(), Numbers(images=4), crop=lambda box: f"data:image/jpeg;base64,{box[0]}")
    name = "img-4.jpeg"
    assert found["markdown"] == MARKDOWN.replace("![image](#xywh=percent:5,17,25,13)", f"![{name}]({name})")
    assert found["images"] == [
        {"id": name, **corners(10, 50, 60, 90), "image_base64": "data:image/jpeg;base64,10", "image_annotation": None}
    ]


def test_what_ragflow_reads() -> None:
    """Blocks in reading order, tables as HTML in them, boxes in the pixels of the dimensions."""
    found = page_object(PAGE, Wanted(blocks=True, table_format="html"), Numbers())
    assert found["dimensions"] == {"dpi": 144, "height": 300, "width": 200}
    assert found["blocks"] == [
        {"type": "header", **corners(10, 5, 90, 9), "content": "ACME Inc."},
        {"type": "title", **corners(10, 10, 190, 20), "content": "# Report"},
        {"type": "text", **corners(10, 28, 190, 42), "content": "Some words."},
        {"type": "image", **corners(10, 50, 60, 90), "content": "", "image_id": "img-0.jpeg"},
        {"type": "caption", **corners(10, 91, 60, 95), "content": "Figure 1"},
        {"type": "table", **corners(10, 100, 190, 150), "content": TABLE, "table_id": "tbl-0.html"},
        {"type": "equation", **corners(0, 0, 200, 300), "content": "$$x^2$$", "ocr": {"box": "unknown"}},
        {"type": "footer", **corners(90, 280, 110, 290), "content": "3"},
    ]
    assert found["tables"] == [{"id": "tbl-0.html", "content": TABLE, "format": "html"}]
    assert "[tbl-0.html](tbl-0.html)" in found["markdown"]
    assert "<table>" not in found["markdown"]


@pytest.mark.parametrize(
    ("html", "table"),
    [
        (TABLE, {"id": "tbl-7.md", "content": PIPES, "format": "markdown"}),
        (
            TABLE.replace("<td>1", '<td colspan="2">1'),
            {"id": "tbl-7.html", "content": TABLE.replace("<td>1", '<td colspan="2">1'), "format": "html"},
        ),
    ],
)
def test_tables_as_markdown_where_it_can_say_them(html: str, table: dict[str, Any]) -> None:
    page = PageText(0, html, (LayoutBlock("table", html),))
    found = page_object(page, Wanted(table_format="markdown"), Numbers(tables=7))
    assert found["tables"] == [table]
    assert found["markdown"] == "[{0}]({0})".format(table["id"])


def test_without_a_format_tables_stay_as_the_engine_wrote_them() -> None:
    assert "tables" not in page_object(PAGE, Wanted(), Numbers())
    assert TABLE in page_object(PAGE, Wanted(), Numbers())["markdown"]
    # The CPU engine writes pipes, and HTML in its layout; a picture has the text put together again.
    blocks = (LayoutBlock("image", "", ((0, 0, 5, 5),)), LayoutBlock("table", TABLE))
    page = PageText(0, PIPES, blocks, 9, 9, 72)
    assert page_object(page, Wanted(), Numbers())["markdown"] == f"![img-0.jpeg](img-0.jpeg)\n\n{PIPES}"


def test_head_and_foot_set_apart() -> None:
    found = page_object(PAGE, Wanted(header=True, footer=True), Numbers())
    assert (found["header"], found["footer"]) == ("ACME Inc.", "3")
    assert "ACME" not in found["markdown"]
    none = page_object(PageText(0, "x"), Wanted(header=True, footer=True), Numbers())
    assert (none["header"], none["footer"], none["markdown"]) == (None, None, "x")


def test_furniture_that_the_engine_left_out_stays_out() -> None:
    found = page_object(PAGE, Wanted(), Numbers())["markdown"]
    assert "ACME" in found
    assert not found.endswith("3")


def test_few_images_and_large_ones() -> None:
    blocks = (LayoutBlock("image", "", ((0, 0, 100, 19), (0, 20, 20, 40), (0, 50, 90, 90), (5, 5, 5, 5))),)
    page = PageText(0, "![image](#xywh=percent:0,0,1,1)", blocks, 100, 100, 72)
    numbers = Numbers()
    first = page_object(page, Wanted(image_min_size=20, image_limit=3), numbers)
    second = page_object(page, Wanted(image_min_size=20, image_limit=3), numbers)
    assert [image["id"] for image in first["images"] + second["images"]] == ["img-0.jpeg", "img-1.jpeg", "img-2.jpeg"]
    none = page_object(page, Wanted(image_limit=0, blocks=True), numbers)
    assert (none["images"], none["blocks"], none["markdown"]) == ([], [], "")


def test_confidence_is_what_the_engine_says_or_nothing() -> None:
    page = PageText(0, "x", confidence=(0.9, 0.5))
    scores = {"average_page_confidence_score": 0.9, "minimum_page_confidence_score": 0.5}
    assert page_object(page, Wanted(confidence=True), Numbers())["confidence_scores"] == scores
    assert "confidence_scores" not in page_object(page, Wanted(), Numbers())
    assert "confidence_scores" not in page_object(PageText(0, "x"), Wanted(confidence=True), Numbers())


def test_a_page_that_failed_keeps_its_place_and_says_so() -> None:
    page = PageText(4, "", width=20, height=30, dpi=72)
    text = "<!-- Page 5: it took - - too long -->"
    assert failed_page(page, Wanted(blocks=True), "Page 5: it took --> too long", "render_timeout") == {
        "index": 4,
        "markdown": text,
        "images": [],
        "dimensions": {"dpi": 72, "height": 30, "width": 20},
        "blocks": [{"type": "text", **corners(0, 0, 20, 30), "content": text, "ocr": {"box": "unknown"}}],
        "ocr": {"error": {"message": "Page 5: it took --> too long", "code": "render_timeout"}},
    }
    assert failed_page(PageText(0, ""), Wanted(), "no", "x")["dimensions"] is None


def test_the_whole_answer() -> None:
    pages = [
        page_object(PageText(0, "a", verdict="ok"), Wanted(), Numbers()),
        failed_page(PageText(1, ""), Wanted(), "no", "invalid_page"),
    ]
    assert end_of_response(pages, "deepseek-ocr", 1_234, ["made_up"]) == {
        "model": "deepseek-ocr",
        "document_annotation": None,
        "usage_info": {"pages_processed": 1, "doc_size_bytes": 1_234},
        "ocr": {"ignored": ["made_up"]},
    }
    assert "ocr" not in end_of_response(pages, "deepseek-ocr", None)


@pytest.mark.parametrize(
    ("html", "pipes"),
    [
        (TABLE, PIPES),
        (
            "<table><tr><td>a<br>b</td></tr><tr><td>c</td><td>d</td></tr></table>",
            "| a<br>b |  |\n| --- | --- |\n| c | d |",
        ),
        ("<table><thead><tr><td rowspan=1>x &amp;\n y</td></tr></thead></table>", "| x &amp; y |\n| --- |"),
        ("<table><tr><td>a<td>b<tr><td>c", "| a | b |\n| --- | --- |\n| c |  |"),
        ("<table><tr><td>&lt;b&gt;</td></tr></table>", "| &lt;b&gt; |\n| --- |"),
        ('<table><tr><td rowspan="2">a</td></tr></table>', None),
        ("<table><tr><td><table></table></td></tr></table>", None),
        ("<table><tr><td><b>a</b></td></tr></table>", None),
        ("before <table><tr><td>a</td></tr></table>", None),
        ("<table></table>", None),
        ("", None),
    ],
)
def test_html_as_pipes(html: str, pipes: str | None) -> None:
    assert to_pipes(html) == pipes
