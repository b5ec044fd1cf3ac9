"""Lines of blocks, on pages drawn with known words at known places."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr_app.documents.text_layer.lines_of_blocks import lines_of_blocks
from ocr_app.documents.text_layer.types import Box, PageText, TextLine
from ocr_app.ocr.layout_json import LayoutBlock
from tests.documents.text_layer.support import found_box, layered, outcomes, text_of
from tools.pages import fonts
from tools.pages.scan import noisy

WIDTH, HEIGHT = 1000, 1400
PARAGRAPH = [
    "The lines of a block are found by its ink, which is",
    "projected to the side: where a row of pixels has none,",
    "one line ends and the next one begins. The words are",
    "then shared out over the lines, each of which gets as",
    "many as fit its width.",
]


class Paper:
    """A page on which words are written, and where they are."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH, HEIGHT), "white")
        self.draw = ImageDraw.Draw(self.image)
        self.words: dict[str, Box] = {}

    def write(self, x: float, y: float, text: str, size: int = 26, fill: str = "black") -> Box:
        font = fonts.load(fonts.DEJAVU_SERIF, size)
        start = x
        boxes = []
        for word in text.split(" "):
            box = self.draw.textbbox((x, y), word, font=font)
            self.draw.text((x, y), word, font=font, fill=fill)
            boxes.append(box)
            self.words.setdefault(word.strip(".,:;"), box)
            x += font.getlength(word + " ")
        return start, min(box[1] for box in boxes), boxes[-1][2], max(box[3] for box in boxes)

    def paragraph(self, x: float, y: float, lines: Sequence[str], *, pitch: float = 36, size: int = 26) -> Box:
        boxes = [self.write(x, y + pitch * row, line, size) for row, line in enumerate(lines)]
        return around(boxes)


def around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def block(text: str, box: Box, label: str = "text", margin: float = 6) -> LayoutBlock:
    left, top, right, bottom = box
    whole = (int(left - margin), int(top - margin), int(right + margin), int(bottom + margin))
    return LayoutBlock(label, text, (whole,))


def gray(image: Image.Image) -> Any:
    return np.asarray(image.convert("L"))


def lines(image: Image.Image, *blocks: LayoutBlock) -> list[TextLine]:
    return lines_of_blocks(gray(image), WIDTH, HEIGHT, blocks)


def texts(found: Sequence[TextLine]) -> list[str]:
    return [line.text for line in found]


@pytest.mark.parametrize("pitch", [30, 36, 60])
@pytest.mark.parametrize("scanned", [False, True], ids=["clean", "scanned"])
def test_a_paragraph_in_one_line_of_markdown(pitch: float, scanned: bool) -> None:
    paper = Paper()
    box = paper.paragraph(80, 100, PARAGRAPH, pitch=pitch)
    image = noisy(paper.image) if scanned else paper.image
    found = lines(image, block(" ".join(PARAGRAPH), box))
    assert texts(found) == PARAGRAPH
    for row, line in enumerate(found):
        top, bottom = line.quad[0][1], line.quad[2][1]
        assert top == pytest.approx(100 + pitch * row + 6, abs=7)
        assert bottom == pytest.approx(100 + pitch * row + 32, abs=7)


def test_a_found_word_lies_where_it_is_in_the_image() -> None:
    paper = Paper()
    box = paper.paragraph(80, 100, PARAGRAPH)
    heading = paper.write(80, 400, "A Heading of Large Letters", 48)
    file = io.BytesIO()
    paper.image.save(file, "PDF", resolution=100)
    blocks = [block(" ".join(PARAGRAPH), box), block("## A **Heading** of Large Letters", heading, "sub_title")]
    result, done = layered(file.getvalue(), PageText(0, WIDTH, HEIGHT, blocks=blocks))
    assert outcomes(done) == ["added"]
    assert text_of(result).split("\n") == [*PARAGRAPH, "A Heading of Large Letters"]
    for word in ("lines", "projected", "pixels", "begins", "shared", "many", "Heading", "Letters"):
        expected, height = paper.words[word], 48 if word in ("Heading", "Letters") else 26
        hit = found_box(result, word, WIDTH)
        assert hit is not None
        assert abs(hit[0] - expected[0]) < 0.6 * height, word
        assert abs(hit[2] - expected[2]) < 0.6 * height, word
        assert hit[1] < (expected[1] + expected[3]) / 2 < hit[3], word


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_blocks_of_a_page_that_was_turned_upright(quarter_turns: int) -> None:
    paper = Paper()
    box = paper.paragraph(80, 100, PARAGRAPH)
    # The scan, which the engine turned anticlockwise.
    scan = paper.image.rotate(-90 * quarter_turns, expand=True)
    file = io.BytesIO()
    scan.save(file, "PDF", resolution=100)
    text = PageText(0, WIDTH, HEIGHT, blocks=[block(" ".join(PARAGRAPH), box)], quarter_turns=quarter_turns)
    result, _ = layered(file.getvalue(), text)
    hit = found_box(result, "projected", scan.width)
    left, top, right, bottom = paper.words["projected"]
    expected = {
        0: (left, top, right, bottom),
        1: (HEIGHT - bottom, left, HEIGHT - top, right),
        2: (WIDTH - right, HEIGHT - bottom, WIDTH - left, HEIGHT - top),
        3: (top, WIDTH - right, bottom, WIDTH - left),
    }[quarter_turns]
    assert hit == pytest.approx(expected, abs=16)


def test_line_ends_of_the_text_are_kept_where_they_are_those_of_the_page() -> None:
    paper = Paper()
    items = ["first item", "the second item is longer", "third", "4 and the last of all items"]
    box = paper.paragraph(80, 100, items)
    assert texts(lines(paper.image, block("\n".join(f"- {item}" for item in items), box))) == items


def test_items_over_several_lines() -> None:
    paper = Paper()
    written = [
        "One item that is so long that it",
        "needs two lines",
        "Another one which also takes a",
        "second line",
        "Short",
    ]
    box = paper.paragraph(80, 100, written)
    text = f"- {written[0]} {written[1]}\n- {written[2]} {written[3]}\n- {written[4]}"
    found = texts(lines(paper.image, block(text, box)))
    assert len(found) == len(written)
    # Each item begins on a line of its own; within an item, a word may stand one line off.
    assert [f"{found[0]} {found[1]}", f"{found[2]} {found[3]}", found[4]] == [line[2:] for line in text.split("\n")]
    for line, expected in zip(found, written, strict=True):
        assert abs(len(line.split()) - len(expected.split())) <= 1


def test_chinese_lines_end_anywhere() -> None:
    paper = Paper()
    font = fonts.load(fonts.NOTO_SANS_SC, 30)
    known = [character for character in "中文文本的一行又一行字" if font.getmask(character).getbbox()]
    written = ["".join(known) * 2, "".join(known)]
    for row, line in enumerate(written):
        paper.draw.text((80, 100 + 50 * row), line, font=font, fill="black")
    box = (80, 100, 80 + 30 * len(written[0]), 200)
    assert texts(lines(paper.image, block("".join(written), box))) == written


def test_tips_of_the_letters_of_the_next_block_are_not_its_last_line() -> None:
    paper = Paper()
    paper.write(80, 100, "a line that reaches from one side of the column to the other")
    last = paper.write(80, 140, "short")
    paper.write(80, 166, "bdfhkl bdfhkl bdfhkl bdfhkl bdfhkl bdfhkl bdfhkl bdfhkl")
    text = "a line that reaches from one side of the column to the other short"
    found = lines(paper.image, LayoutBlock("text", text, ((70, 95, 960, 176),)))
    assert texts(found) == [text[:-6], "short"]
    assert found[1].quad[1][0] == pytest.approx(last[2], abs=3)


def test_white_letters_on_black() -> None:
    paper = Paper()
    paper.draw.rectangle((60, 80, 940, 300), fill="black")
    for row, line in enumerate(PARAGRAPH):
        paper.write(80, 100 + 36 * row, line, fill="white")
    assert texts(lines(paper.image, LayoutBlock("text", " ".join(PARAGRAPH), ((60, 80, 940, 300),)))) == PARAGRAPH


def test_lines_that_touch_are_cut() -> None:
    paper = Paper()
    box = paper.paragraph(80, 100, PARAGRAPH, pitch=28)
    found = lines(paper.image.rotate(-0.4, fillcolor="white"), block(" ".join(PARAGRAPH), box, margin=10))
    assert len(found) == len(PARAGRAPH)
    assert " ".join(texts(found)) == " ".join(PARAGRAPH)


def test_without_ink_or_image_lines_are_set_evenly_and_no_word_is_lost() -> None:
    text = " ".join(PARAGRAPH)
    empty = Image.new("L", (WIDTH, HEIGHT), "white")
    for image in (gray(empty), None):
        found = lines_of_blocks(image, WIDTH, HEIGHT, [LayoutBlock("text", text, ((100, 100, 700, 260),))])
        assert " ".join(texts(found)) == text
        assert len(found) > 2
        assert all(100 <= line.quad[0][1] < line.quad[2][1] <= 261 for line in found)


def test_a_block_without_a_box_goes_between_its_neighbours() -> None:
    blocks = [
        LayoutBlock("text", "above", ((100, 100, 700, 140),)),
        LayoutBlock("text", "between"),
        LayoutBlock("text", "below", ((100, 500, 700, 540),)),
    ]
    found = lines_of_blocks(None, WIDTH, HEIGHT, blocks)
    assert texts(found) == ["above", "between", "below"]
    assert 140 <= found[1].quad[0][1] < found[1].quad[2][1] <= 500
    alone = lines_of_blocks(None, WIDTH, HEIGHT, [LayoutBlock("text", "plain text only")])
    assert " ".join(texts(alone)) == "plain text only"
    assert all(0 <= line.quad[0][1] < line.quad[2][1] <= HEIGHT for line in alone)


def test_a_text_in_two_boxes() -> None:
    paper = Paper()
    boxes = (paper.paragraph(60, 100, PARAGRAPH[:3], size=14), paper.paragraph(560, 100, PARAGRAPH[3:], size=14))
    whole = tuple(tuple(int(value) for value in box) for box in boxes)
    found = lines(paper.image, LayoutBlock("text", " ".join(PARAGRAPH), whole))  # type: ignore[arg-type]
    assert texts(found) == PARAGRAPH
    assert [line.quad[0][0] < 500 for line in found] == [True, True, True, False, False]


def test_a_line_along_the_margin_runs_upwards() -> None:
    (found,) = lines_of_blocks(
        None, WIDTH, HEIGHT, [LayoutBlock("text", "arXiv:2510.18234v1 [cs.CV]", ((20, 400, 50, 800),))]
    )
    assert found.quad[0][1] > found.quad[1][1]


def test_pictures_and_empty_blocks_have_no_lines() -> None:
    blocks = [
        LayoutBlock("image", "", ((1, 1, 9, 9),)),
        LayoutBlock("image", "![image](#xywh=percent:1,2,3,4)", ((1, 1, 9, 9),)),
    ]
    assert lines_of_blocks(None, WIDTH, HEIGHT, blocks) == []


COLUMNS = (80, 380, 700)
ROWS = [
    ["Item", "Quantity", "Price"],
    ["Screws M4", "1,200", "34.50 €"],
    ["Washers", "800", "12.00 €"],
    ["Total", "46.50 €"],
]
AT = [(0, 1, 2), (0, 1, 2), (0, 1, 2), (0, 2)]


def table_html() -> str:
    cells = [["<td>" + cell + "</td>" for cell in row] for row in ROWS]
    cells[3].insert(1, "<td></td>")
    return "<table>" + "".join("<tr>" + "".join(row) + "</tr>" for row in cells) + "</table>"


def draw_table(paper: Paper, *, ruled: bool) -> tuple[Box, dict[str, Box]]:
    places = {}
    for number, (row, columns) in enumerate(zip(ROWS, AT, strict=True)):
        for cell, column in zip(row, columns, strict=True):
            places[cell] = paper.write(COLUMNS[column], 100 + 60 * number, cell)
    if ruled:
        for x in (60, 360, 680, 920):
            paper.draw.line((x, 85, x, 325), fill="black", width=2)
        for rule in range(5):
            paper.draw.line((60, 85 + 60 * rule, 920, 85 + 60 * rule), fill="black", width=2)
    return (60, 85, 920, 325), places


@pytest.mark.parametrize("ruled", [False, True], ids=["open", "ruled"])
def test_cells_of_a_table_lie_where_they_are(ruled: bool) -> None:
    paper = Paper()
    box, places = draw_table(paper, ruled=ruled)
    found = lines(paper.image, block(table_html(), box, "table"))
    assert texts(found) == [cell for row in ROWS for cell in row]
    for line in found:
        corners = (*line.quad[0], *line.quad[2])
        assert all(abs(a - b) < 8 for a, b in zip(corners, places[line.text], strict=True)), line


def test_cells_of_two_lines() -> None:
    paper = Paper()
    paper.write(80, 100, "A cell that goes")
    paper.write(80, 136, "on here")
    paper.write(600, 100, "one line")
    paper.write(80, 230, "next row")
    paper.write(600, 230, "its end")
    rows = "<tr><td>A cell that goes on here</td><td>one line</td></tr><tr><td>next row</td><td>its end</td></tr>"
    html = f"<table>{rows}</table>"
    found = lines(paper.image, block(html, (70, 95, 800, 270), "table"))
    assert texts(found) == ["A cell that goes", "on here", "one line", "next row", "its end"]


def test_a_row_whose_cells_cannot_be_told_apart_is_one_line() -> None:
    paper = Paper()
    paper.write(80, 100, "close together")
    paper.write(80, 160, "and here too")
    html = "<table><tr><td>close</td><td>together</td></tr><tr><td>and here</td><td>too</td></tr></table>"
    found = lines(paper.image, block(html, (70, 95, 400, 200), "table"))
    assert texts(found) == ["close together", "and here too"]


def test_a_table_without_visible_rows_loses_no_cell() -> None:
    found = lines_of_blocks(None, WIDTH, HEIGHT, [LayoutBlock("table", table_html(), ((60, 85, 920, 325),))])
    assert texts(found) == [" ".join(row) for row in ROWS]
