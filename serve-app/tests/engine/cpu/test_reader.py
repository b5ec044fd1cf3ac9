import math

from ocr_app.engine.cpu.layout.types import Box
from ocr_app.engine.cpu.reader import PageLines


def place(box: Box, skew_degrees: float) -> tuple[int, int, int, int]:
    return PageLines(1000, 800, 0, skew_degrees, (), (), 0, 0).place_of(box)


def test_a_box_of_a_straight_page_is_where_it_is_in_whole_pixels_of_the_page() -> None:
    assert place(Box(10.4, 20.6, 110.2, 40.1), 0) == (10, 20, 111, 41)
    assert place(Box(-3, 790, 1004, 812), 0) == (0, 790, 1000, 800)


def test_on_a_page_that_sinks_to_the_right_so_does_the_box() -> None:
    left, top, right, bottom = place(Box(890, 390, 910, 410), 10)
    assert abs((top + bottom) / 2 - (400 + 400 * math.sin(math.radians(10)))) <= 1
    assert abs((left + right) / 2 - (500 + 400 * math.cos(math.radians(10)))) <= 1
    assert place(Box(400, 390, 600, 410), 10)[1] < 375
