"""Lists within lists, read from lines with boxes to Markdown."""

import pytest

from ocr_app.engine.cpu.layout.markdown import to_markdown
from ocr_app.engine.cpu.layout.page import blocks
from ocr_app.engine.cpu.layout.types import Line
from tests.engine.cpu.layout.lines import PITCH, column, line, prose

STEP = 30.0


def read(lines: list[Line]) -> list[str]:
    return [to_markdown(block) for block in blocks(lines, 800, 1000)]


def items(*entries: tuple[int, str], pitch: float = PITCH) -> list[Line]:
    return [line(text, 100 + STEP * level, pitch * index) for index, (level, text) in enumerate(entries)]


def test_bullets_within_bullets_are_set_in() -> None:
    lines = items((0, "• Bath"), (1, "– Taps"), (2, "▪ hot water"), (2, "▪ cold water"), (1, "– Tub"), (0, "• Hall"))
    assert read(lines) == ["- Bath", "  - Taps", "    - hot water", "    - cold water", "  - Tub", "- Hall"]


def test_what_is_below_a_number_is_set_in_by_the_width_of_the_number() -> None:
    lines = items((0, "9. Place"), (1, "a) in the sun"), (1, "b) dry"), (0, "10. Bed"), (1, "• deep"), (0, "11. Sow"))
    assert read(lines) == ["9. Place", "   a) in the sun", "   b) dry", "10. Bed", "    - deep", "11. Sow"]


def test_what_is_below_a_marker_that_markdown_lacks_is_not_set_in() -> None:
    assert read(items((0, "(a) first"), (1, "1. one"), (1, "2. two"))) == ["(a) first", "1. one", "2. two"]


def test_further_lines_of_an_item_within_another_are_set_in_with_it() -> None:
    lines = items((0, "• Bath"), (1, "• Taps and everything that drips"), (2, "when the wind comes from the east,"))
    lines += [line("• Hall", 100, 3 * PITCH)]
    assert read(lines)[1] == "  - Taps and everything that drips when the wind comes from the east,"
    lines = items((0, "• Bath"), (1, "☐ Taps"), (1, "☑ Tub"))
    assert read(lines) == ["- Bath", "  - [ ] Taps", "  - [x] Tub"]


def test_items_far_apart_are_one_list_and_a_paragraph_ends_it() -> None:
    lines = items((0, "• one"), (0, "• two"), (1, "• three"), pitch=80)
    assert read(lines) == ["- one", "- two", "  - three"]
    text = prose("text", 3)
    lines = [*items((0, "• one")), *column(text, 0, 80), *items((1, "• two"), pitch=0)]
    lines[-1] = line("• two", 130, 240)
    assert read(lines) == ["- one", " ".join(text), "- two"]


@pytest.mark.parametrize("circle", ["o ", "O ", "。", "° "])
def test_circles_below_bullets_are_bullets(circle: str) -> None:
    lines = items((0, "• Kitchen"), (1, f"{circle}Fridge"), (1, f"{circle}Oven"), (0, "• Hall"))
    assert read(lines) == ["- Kitchen", "  - Fridge", "  - Oven", "- Hall"]
    assert read(items((0, "O Charger"), (0, "Jacket"))) == ["O Charger  \nJacket"]


def test_stars_below_each_other_are_bullets_and_a_star_alone_is_a_note() -> None:
    assert read(items((0, "*Kitchen"), (0, "* Hall"))) == ["- Kitchen", "- Hall"]
    assert read(items((0, "* without tax"))) == ["\\* without tax"]
    assert read(items((0, "** bold **"), (0, "** text **"))) == ["** bold **", "** text **"]
