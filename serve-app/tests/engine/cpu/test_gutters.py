import numpy as np

from ocr_app.engine.cpu import gutters
from ocr_app.engine.cpu.geometry import Pixels, Quads
from ocr_app.engine.cpu.layout.types import Box, Region

COLUMNS = (Region("text", Box(100, 80, 300, 400), 0.9), Region("text", Box(330, 80, 530, 400), 0.9))


def page(*inked: tuple[int, int]) -> Pixels:
    """A page with one line of ink at y 100 to 130, from x to x each."""
    image = np.full((500, 600, 3), 255, dtype=np.uint8)
    for start, end in inked:
        image[105:125, start:end:4] = 0
        image[105:125, end - 1] = 0
    return image


def quad(left: float, right: float) -> Quads:
    return np.array([[[left, 100], [right, 100], [right, 130], [left, 130]]], dtype=np.float32)


def extents(image: Pixels, left: float, right: float, regions: tuple[Region, ...] = COLUMNS) -> list[tuple[int, int]]:
    parts, origins = gutters.split(image, quad(left, right), [Box(left, 100, right, 130)], regions)
    assert origins == [0] * len(parts)
    return [(round(float(part[0][0])), round(float(part[1][0]))) for part in parts]


def test_a_line_through_two_columns_is_cut_where_the_page_is_blank_between_them() -> None:
    assert extents(page((100, 300), (330, 530)), 100, 530) == [(100, 308), (322, 530)]


def test_a_line_is_not_cut_through_ink_nor_at_a_space_between_words() -> None:
    assert extents(page((100, 530)), 100, 530) == [(100, 530)]
    assert extents(page((100, 310), (316, 530)), 100, 530) == [(100, 530)]


def test_a_line_of_one_column_stays_whole() -> None:
    assert extents(page((100, 200), (230, 300)), 100, 300) == [(100, 300)]
    assert extents(page((100, 300), (330, 530)), 100, 530, COLUMNS[:1]) == [(100, 530)]


def test_a_line_above_the_columns_stays_whole() -> None:
    below = tuple(Region("text", Box(r.box.left, 200, r.box.right, 400), 0.9) for r in COLUMNS)
    assert extents(page((100, 300), (330, 530)), 100, 530, below) == [(100, 530)]


def test_no_lines() -> None:
    parts, origins = gutters.split(page(), np.zeros((0, 4, 2), dtype=np.float32), [], COLUMNS)
    assert parts.shape == (0, 4, 2)
    assert origins == []
