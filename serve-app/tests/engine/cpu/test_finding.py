"""Which parts of a large image are looked at again, and what becomes of the lines of both looks."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr_app.engine.cpu import detection, finding, models
from ocr_app.engine.cpu.geometry import Quads
from ocr_app.engine.cpu.small_text import Letters
from tools.pages import fonts

WIDTH, HEIGHT, SCALE = 7_000, 5_000, 2 / 7


def box(left: float, top: float, right: float, bottom: float) -> Quads:
    return np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], dtype=np.float32)


NOTHING: Quads = np.zeros((0, 4, 2), dtype=np.float32)


def row(left: int, right: int, y: int, height: int = 10) -> Letters:
    """Letters side by side, as wide as high, two thirds of the way filled."""
    return np.array([(x, y, height, height) for x in range(left, right, 3 * height // 2)], dtype=np.float32)


def look(quads: Quads, letters: Letters) -> "finding._Look | None":
    return finding._second_look(quads, letters, SCALE, WIDTH, HEIGHT)


def seen(found: "finding._Look | None") -> list[list[int]]:
    assert found is not None
    return [[int(row), int(column)] for row, column in np.argwhere(found.tiles)]


def test_nothing_small_costs_no_second_look() -> None:
    assert look(box(500, 500, 900, 600), np.zeros((0, 4), np.float32)) is None
    # Accents and superscripts of large text.
    assert look(box(500, 500, 2_000, 600), row(600, 700, 520)) is None
    # Small letters, all of which were found.
    assert look(box(500, 500, 2_000, 560), row(510, 1_990, 530, 16)) is None
    # Two specks.
    assert look(NOTHING, row(100, 130, 100)) is None


def test_missed_letters_are_looked_at_where_they_are_at_a_scale_that_suits_them() -> None:
    found = look(box(500, 500, 2_000, 600), row(5_000, 5_400, 3_000))
    assert found is not None
    assert found.grid.scale == pytest.approx(0.7)
    assert seen(found) == [[2, 3]]
    assert found.kept.tolist() == box(500, 500, 2_000, 600).tolist()


def test_the_end_of_a_line_in_the_next_tile_is_looked_at_too() -> None:
    # Tiles are 1,371 pixels wide; beyond the edge is one letter.
    assert seen(look(NOTHING, row(1_200, 1_381, 300))) == [[0, 0], [0, 1]]


def test_lines_seen_as_one_are_not_found() -> None:
    four = np.concatenate([row(510, 1_200, 520 + 25 * number) for number in range(4)])
    found = look(box(500, 500, 1_210, 610), four)
    assert found is not None
    assert len(found.kept) == 0


def test_a_small_line_is_wholly_looked_at_or_not_at_all() -> None:
    # One that was found, over four tiles, and beside its beginning some letters that were not.
    line = box(200, 280, 4_200, 320)
    found = look(line, np.concatenate([row(210, 4_190, 300, 16), row(210, 300, 200, 16)]))
    assert found is not None
    assert found.grid.scale == pytest.approx(7 / 16)
    assert seen(found) == [[0, 0], [0, 1]]
    assert len(found.kept) == 0


def test_the_second_look_is_bounded() -> None:
    letters = np.concatenate([row(0, WIDTH, y, 5) for y in range(10, HEIGHT, 40)])
    found = look(NOTHING, letters)
    assert found is not None
    assert found.tiles.all()
    assert found.grid.columns * found.grid.rows <= finding._MOST_PIXELS
    assert found.grid.scale > finding._WORTH * SCALE


def test_parts_of_lines_of_the_first_look_are_left_out() -> None:
    title, small, stroke = box(0, 0, 900, 300), box(0, 400, 300, 430), box(200, 20, 260, 280)
    beside = box(850, 100, 1_050, 160)
    both = finding.merged(title, np.concatenate([small, stroke, beside]))
    assert both.tolist() == np.concatenate([title, small, beside]).tolist()
    assert finding.merged(NOTHING, small).tolist() == finding.merged(small, NOTHING).tolist() == small.tolist()


def test_every_line_of_a_long_strip_is_found_once() -> None:
    image = Image.new("RGB", (500, 9_000), "white")
    draw = ImageDraw.Draw(image)
    # Every distance from the edges of the tiles, through the middle of a line too.
    tops = [*range(400, 8_900, 41)]
    for top in tops:
        draw.text((20, top), f"Parcel {top} left the depot on time", "black", fonts.load(fonts.NOTO_SERIF, 20))
    draw.text((20, 20), "Depot", "black", fonts.load(fonts.NOTO_SERIF, 160))
    pixels = np.asarray(image)[..., ::-1].copy()
    detector = models.load(2).detection
    assert len(detection.detect(detector, pixels, 2_000)) < len(tops) + 1
    found = finding.find(detector, pixels, 2_000)
    middles = sorted(found[..., 1].mean(axis=1))
    assert len(middles) == len(tops) + 1
    assert all(abs(middle - top - 17) < 10 for middle, top in zip(middles[1:], tops, strict=True))
    assert np.ptp(found[..., 0].max(axis=1)[1:]) < 500
