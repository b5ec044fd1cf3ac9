import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.engine.cpu.layout.furniture import without_furniture
from ocr_app.engine.cpu.layout.types import Line
from tests.engine.cpu.layout.lines import column, line, prose

WIDTH, HEIGHT = 500.0, 1000.0
BODY = column(prose("body", 30), 60, 110)


def dropped(*extra: Line, body: list[Line] = BODY) -> list[str]:
    kept = without_furniture([*body, *extra], WIDTH, HEIGHT)
    assert all(any(piece is other for other in kept) for piece in body)
    return [piece.text for piece in extra if all(piece is not other for other in kept)]


def test_a_running_head_with_its_page_number() -> None:
    assert dropped(line("Advocacy in Action", 60, 80), line("447", 330, 80)) == ["Advocacy in Action", "447"]


@pytest.mark.parametrize("number", ["12", "xiv", "- 12 -", "Page 3 of 10", "p. 7", "A-12", "3/10", "第 3 页"])
def test_page_numbers_below(number: str) -> None:
    assert dropped(line(number, 200, 900)) == [number]


def test_what_stands_above_a_running_head_goes_with_it() -> None:
    extra = (line("Downloaded from http://example.org/", 60, 20), line("Journal", 60, 60), line("12", 340, 60))
    assert dropped(*extra) == [piece.text for piece in extra]


def test_text_along_the_margin() -> None:
    side = dataclasses.replace(line("arXiv:2301.00001v1", 10, 300, height=300, width=20), vertical=True)
    inside = dataclasses.replace(line("axis", 200, 300, height=80, width=20), vertical=True)
    assert dropped(side, inside) == [side.text]


def test_titles_notes_and_text_that_goes_on_are_kept() -> None:
    assert dropped(line("A Large Title", 60, 30, height=50)) == []
    assert dropped(line("first line of the page, as the rest", 60, 86)) == []
    assert dropped(line("* A note at the foot of the page, long enough.", 60, 900)) == []


def test_a_short_page_has_no_furniture() -> None:
    assert dropped(line("Receipt", 60, 20), line("12", 60, 950), body=column(prose("body", 3), 60, 400)) == []


@given(st.lists(st.builds(line, st.text("ab1 ", min_size=1), st.integers(0, 400), st.integers(0, 900)), max_size=20))
def test_something_is_always_left_and_nothing_added(lines: list[Line]) -> None:
    kept = without_furniture(lines, WIDTH, HEIGHT)
    assert bool(kept) == bool(lines)
    assert all(any(piece is other for other in lines) for piece in kept)
