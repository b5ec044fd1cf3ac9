"""What a Markdown renderer shows of escaped text is the text."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ocr_app.engine.cpu.layout.escape import escape_line
from ocr_app.engine.cpu.layout.markdown import to_markdown
from ocr_app.engine.cpu.layout.types import Block, Box

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
BOX = Box(0, 0, 1, 1)
PIECES = [
    *"\\`*_{}[]()#+-.!|<>&~=:;/\"'^$%@,?0179aBx é你",
    "](",
    "&amp;",
    "<b>",
    "</b>",
    "<!--",
    "```",
    "---",
    "  ",
    "1. ",
]
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=24).map(lambda pieces: " ".join("".join(pieces).split()))


def shown(markdown: str) -> tuple[list[str], str]:
    """Names of the HTML elements that the renderer makes, and the text that a reader sees."""
    tree = BeautifulSoup(RENDERER.render(markdown), "html.parser")
    return [tag.name for tag in tree.find_all()], tree.get_text().strip("\n")


@given(TEXTS.filter(bool))
@example("Use snake_case_names and *never* camelCase here")
@example("#1 choice of 5 < 7 and 9 > 3, a|b, `x`")
@example("<script>alert(1)</script> is shown as text")
@example("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<")
@example(r"Path C:\new\table, 50% & 3*4*5 = 60")
@example("[link](http://a.example/b_c_d) ![x](y)")
@example("[1]: a footnote")
@example("1984. A year")
@example("- - -")
@example("<div")
def test_a_paragraph_is_shown_as_it_stands(text: str) -> None:
    assert shown(to_markdown(Block("paragraph", text, BOX))) == (["p"], text)


@given(TEXTS.filter(bool))
@example("C #")
@example("## #")
def test_a_heading_is_shown_as_it_stands(text: str) -> None:
    assert shown(to_markdown(Block("heading", text, BOX, level=2))) == (["h2"], text)


@given(TEXTS.filter(bool), st.sampled_from(["•", "–"]))
@example("--", "•")
def test_an_item_is_shown_as_it_stands(text: str, bullet: str) -> None:
    assert shown(to_markdown(Block("item", f"{bullet} {text}", BOX))) == (["ul", "li"], text)


@given(TEXTS, TEXTS)
def test_a_cell_is_shown_as_it_stands(head: str, cell: str) -> None:
    tags, text = shown(to_markdown(Block("table", "", BOX, rows=((head, "b"), (cell, "d")))))
    assert tags == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]
    assert [part for part in text.split("\n") if part] == [part for part in (head, "b", cell, "d") if part]


@pytest.mark.parametrize(
    "text",
    [
        "snake_case_names and 5 * 3",
        "see footnote* and 9 > 3",
        "Name: ________ Date: ________",
        "a [bracket] and [x] more",
        "#1 choice, 50% & more, AT&T",
        "P<UTOERIKSSON<<ANNA<<<<",
        "-5 degrees, C:\\new",
        "~5 to 10 and 3 < 4",
    ],
)
def test_text_without_markup_stays_readable(text: str) -> None:
    assert escape_line(text) == text
