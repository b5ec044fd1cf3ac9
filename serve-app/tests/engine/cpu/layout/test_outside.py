import dataclasses

import pytest

from ocr_app.engine.cpu.layout.outside import along_margins, corner_numbers
from ocr_app.engine.cpu.layout.types import Line
from tests.engine.cpu.layout.lines import UNIT, column, line, prose

SLIDE = [*column(prose("slide", 8), 100, 100), line("Some Company Ltd", 100, 440), line("Logo", 700, 440)]


def sideways(text: str, x: float) -> Line:
    return dataclasses.replace(line(text, x, 100, height=300, width=20), vertical=True)


@pytest.mark.parametrize(("text", "x"), [("7", 780), ("12", 20), ("Page 3", 745), ("3/10", 755)])
def test_a_number_in_the_bottom_corner_of_a_slide(text: str, x: float) -> None:
    number = line(text, x, 470)
    assert corner_numbers([*SLIDE, number], 820, 500) == [number]
    # Pages that are higher than wide have other things there.
    assert corner_numbers([*SLIDE, number], 820, 900) == []


@pytest.mark.parametrize(
    ("text", "x", "y"), [("7", 700, 470), ("7", 780, 250), ("Room 7", 760, 470), ("7.50", 780, 470), ("2025", 780, 470)]
)
def test_numbers_elsewhere_and_other_texts_are_none(text: str, x: float, y: float) -> None:
    assert corner_numbers([*SLIDE, line(text, x, y)], 820, 500) == []


def test_in_the_margin_where_a_copy_comes_from_is_no_text_whatever_the_page() -> None:
    note, label = sideways("Downloaded from example.org on 4 May", 10), sideways("Depth in metres", 10)
    few = column(["Alpha", "Beta"], 100)
    assert along_margins([note], few, 820, UNIT, running=False) == [note]
    assert along_margins([label], few, 820, UNIT, running=False) == []
    assert along_margins([sideways("www.example.org", 10)], few, 820, UNIT, running=False) == []
    assert along_margins([sideways("Downloaded from example.org", 90)], few, 820, UNIT, running=False) == []
    assert along_margins([note], [], 820, UNIT, running=False) == []


def test_on_a_page_of_running_text_all_of_it_is_none() -> None:
    label = sideways("by guest on 14 March", 10)
    assert along_margins([label], column(prose("text", 20), 100), 820, UNIT, running=True) == [label]
