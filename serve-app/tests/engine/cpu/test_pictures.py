import numpy as np

from ocr_app.engine.cpu import pictures
from ocr_app.engine.cpu.geometry import Pixels
from ocr_app.engine.cpu.layout.types import Box

LINE = Box(100, 100, 700, 130)


def page(*grey: tuple[Box, int]) -> Pixels:
    image = np.full((1200, 1000, 3), 255, dtype=np.uint8)
    for box, shade in grey:
        image[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] = shade
    return image


def test_a_large_area_is_a_picture() -> None:
    (found,) = pictures.find(page((Box(200, 300, 700, 800), 120), (LINE, 0)), [LINE])
    sides = np.array([found.left, found.top, found.right, found.bottom])
    assert np.abs(sides - [200, 300, 700, 800]).max() < 12


def test_text_rules_small_logos_and_a_coloured_page_are_none() -> None:
    rule = Box(100, 500, 900, 504)
    logo = Box(100, 600, 150, 650)
    assert pictures.find(page((LINE, 0), (rule, 0), (logo, 90)), [LINE]) == []
    assert pictures.find(page((Box(0, 0, 1000, 1200), 200), (LINE, 0)), [LINE]) == []


def test_a_panel_behind_a_text_is_none() -> None:
    lines = [Box(60, 100 + 60 * row, 240, 130 + 60 * row) for row in range(8)]
    assert pictures.find(page((Box(0, 0, 300, 1200), 220), *((line, 0) for line in lines)), lines) == []
    assert len(pictures.find(page((Box(0, 0, 300, 1200), 220), (lines[0], 0)), lines[:1])) == 1
