import dataclasses

from ocr_app.engine.cpu.layout.markdown import to_markdown
from ocr_app.engine.cpu.layout.page import blocks
from ocr_app.engine.cpu.layout.types import Line
from tests.engine.cpu.layout.lines import PITCH, column, line, prose


def mark(text: str, y: float) -> Line:
    return dataclasses.replace(line(text, 80, y, height=60, width=200), across=True)


def read(lines: list[Line]) -> list[str]:
    return [to_markdown(block) for block in blocks(lines, 400, 600)]


def test_a_watermark_stands_last_and_is_no_heading() -> None:
    text = prose("text", 6)
    assert read([*column(text, y=100), mark("DRAFT", 140)]) == [" ".join(text), "DRAFT"]
    assert read([*column(text, y=100), mark("DRAFT", 140), mark("DRAFT", 300)]) == [" ".join(text), "DRAFT", "DRAFT"]


def test_a_part_of_a_formula_stays_in_its_place() -> None:
    text = prose("text", 6)
    assert read([*column(text, y=100), mark("1+t2", 260), *column(text, y=340)])[1] == "1+t2"


def test_a_pale_title_is_a_heading() -> None:
    text = prose("text", 6)
    assert read([mark("Annual report", 0), *column(text, y=100)]) == ["# Annual report", " ".join(text)]


def test_a_page_of_little_else_keeps_its_words() -> None:
    assert read([line("one", 80, 0), mark("TWO", 100), line("three", 80, 200)])[1] == "# TWO"


def test_lines_on_a_watermark_whose_boxes_are_taller_stay_in_their_paragraph() -> None:
    text = [name.lower() for name in prose("text", 6)]
    lines = column(text)
    lines[3] = line(text[3], 0, 3 * PITCH - 4, height=29)
    assert read(lines) == [" ".join(text)]
