"""Rows, spaces, initials, paragraphs, headings and Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.engine.cpu.layout import headings, markdown, paragraphs, rows
from ocr_app.engine.cpu.layout.dropcaps import with_initials
from ocr_app.engine.cpu.layout.spaces import repair
from ocr_app.engine.cpu.layout.types import Block, Box, Region, text_height
from tests.engine.cpu.layout.lines import PITCH, UNIT, column, line, prose


def grouped(lines: list) -> list[str]:  # type: ignore[type-arg]
    return [paragraphs.join_texts(piece.text for piece in group) for group in paragraphs.group(lines, UNIT)]


def test_pieces_on_one_line_form_a_row_from_left_to_right() -> None:
    pieces = [line("right", 200, 3), line("left", 0, 0), line("below", 0, PITCH)]
    assert [[piece.text for piece in row] for row in rows.rows(pieces)] == [["left", "right"], ["below"]]
    assert rows.join(rows.rows(pieces)[0]).text == "left right"


def test_no_paragraph_goes_on_from_one_region_into_another_and_a_title_is_one() -> None:
    lines = column(["one two three four five six", "seven eight nine ten eleven", "twelve thirteen fourteen"])
    whole = Region("text", Box(-5, -5, 400, 100), 0.9)
    upper, lower = Region("text", Box(-5, -5, 400, PITCH - 2), 0.9), Region("text", Box(-5, PITCH - 2, 400, 100), 0.9)
    assert [len(group) for group in paragraphs.group(lines, UNIT, (whole,))] == [3]
    assert [len(group) for group in paragraphs.group(lines, UNIT, (upper, lower))] == [1, 2]
    head = [line("Volunteers Plant Ten", height=40), line("Thousand Trees", y=58, height=40)]
    title = Region("title", Box(-5, -5, 400, 110), 0.9)
    assert [len(group) for group in paragraphs.group([*head, *column(prose("text", 4), 0, 130)], UNIT, (title,))] == [
        2,
        4,
    ]


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("  two   words ", "two words"),
        ("first,second;third", "first, second; third"),
        ("the end.Then more", "the end. Then more"),
        ("see http://a.example/x,y and e.g.This", "see http://a.example/x,y and e.g.This"),
        ("1,234 and 3.Mai", "1,234 and 3.Mai"),
        ("Table1 of (Figure12)", "Table 1 of (Figure 12)"),
        ("table1 Table1.csv UnTable1", "table1 Table1.csv UnTable1"),
        ("你好，世界", "你好，世界"),
    ],
)
def test_spaces(text: str, repaired: str) -> None:
    assert repair(text) == repaired


@given(st.text(max_size=40))
def test_repairing_changes_nothing_but_spaces_and_only_once(text: str) -> None:
    assert "".join(repair(text).split()) == "".join(text.split())
    assert repair(repair(text)) == repair(text)


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (["one", "two"], "one two"),
        (["transna-", "tional"], "transnational"),
        (["Anglo-", "Saxon"], "Anglo-Saxon"),
        (["1914-", "1918"], "1914-1918"),
        (["他们听取了", "报告"], "他们听取了报告"),
        ([], ""),
    ],
)
def test_joining_lines(texts: list[str], joined: str) -> None:
    assert paragraphs.join_texts(texts) == joined


def test_a_gap_an_indent_and_a_short_last_line_part_paragraphs() -> None:
    first, second = prose("first", 3), prose("second", 3)
    whole = [" ".join(first), " ".join(second)]
    assert grouped(column(first) + column(second, 0, 3 * PITCH + 20)) == whole
    indented = column(second, 0, 3 * PITCH)
    indented[0] = line(second[0], 20, 3 * PITCH)
    assert grouped(column(first) + indented) == whole
    short = [*first[:2], "It ended."]
    assert grouped(column(short) + column(second, 0, 3 * PITCH)) == [" ".join(short), whole[1]]


def test_items_of_a_list_stay_apart_with_their_further_lines() -> None:
    lines = [
        line("1. The first entry is long", 0, 0),
        line("and goes on", 30, PITCH),
        line("2. The second", 0, 2 * PITCH),
    ]
    assert grouped(lines) == ["1. The first entry is long and goes on", "2. The second"]


@pytest.mark.parametrize("marks", [("☐ ", "☑ "), ("[ ] ", "[x] "), ("( ) ", "(x) "), ("□", "□")])
def test_things_to_tick_stay_apart(marks: tuple[str, str]) -> None:
    lines = [f"{mark}{name}" for mark, name in zip(marks * 2, ("Pass", "Charger", "Jacket", "Kit"), strict=True)]
    assert grouped(column(lines)) == lines


def test_a_heading_in_capitals_is_not_joined_to_its_text() -> None:
    assert grouped(column(["REFERENCES", *prose("text", 3)])) == ["REFERENCES", " ".join(prose("text", 3))]


@pytest.mark.parametrize(
    ("text", "height", "level"),
    [
        ("A Title", 40, 1),
        ("3.4 A section", 27, 2),
        ("REFERENCES", 20, 3),
        ("Just text.", 20, 0),
        ("12", 40, 0),
        ("NATO", 20, 3),
        ("x" * 200, 40, 0),
    ],
)
def test_levels_of_headings(text: str, height: float, level: int) -> None:
    assert headings.level([line(text, height=height)], UNIT, apart=True) == level


def test_a_large_initial_joins_its_word() -> None:
    initial, first, other = (
        line("O", 0, 0, height=50, width=40),
        line("ver the past", 45, 0),
        line("three decades", 45, PITCH),
    )
    assert [piece.text for piece in with_initials([initial, first, other], UNIT)] == ["Over the past", "three decades"]
    lone = [line("A", 0, 0, height=50), line("Title", 45, 0)]
    assert with_initials(lone, UNIT) == lone


def test_the_height_of_running_text_is_that_of_most_letters() -> None:
    assert text_height([line("TITLE", height=60), line("some running text " * 3), line("7", height=9)]) == UNIT
    assert text_height([]) == 0


BOX = Box(0, 0, 1, 1)


@pytest.mark.parametrize(
    ("block", "text", "plain"),
    [
        (Block("heading", "Title", BOX, level=2), "## Title", "Title"),
        (Block("paragraph", "# not a heading", BOX), "\\# not a heading", "# not a heading"),
        (Block("paragraph", "-5 degrees", BOX), "-5 degrees", "-5 degrees"),
        (Block("item", "• first", BOX), "- first", "• first"),
        (Block("item", "1. first", BOX), "1. first", "1. first"),
        (Block("item", "☐ to do\n# 1", BOX), "- [ ] to do  \n  \\# 1", "☐ to do\n# 1"),
        (Block("item", "☑ done", BOX), "- [x] done", "☑ done"),
        (Block("item", "[ ] to do", BOX), "- [ ] to do", "[ ] to do"),
        (Block("item", "[X] done", BOX), "- [x] done", "[X] done"),
        (
            Block("table", "", BOX, rows=(("a", "b|c"), ("", "d"))),
            "| a | b\\|c |\n| --- | --- |\n|  | d |",
            "a\tb|c\n\td",
        ),
        (Block("table", "", BOX, rows=(("", ""), ("a", "b"))), "|  |  |\n| --- | --- |\n| a | b |", "a\tb"),
    ],
)
def test_markdown_and_plain_text(block: Block, text: str, plain: str) -> None:
    assert markdown.to_markdown(block) == text
    assert markdown.to_plain_text(block) == plain
