from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr_app.engine.cpu import finding, islands, models, reader
from ocr_app.engine.cpu.geometry import Pixels, Quads
from tools.pages import fonts

NONE: Quads = np.zeros((0, 4, 2), dtype=np.float32)
LETTER = (1_224, 1_584)


def page(*texts: tuple[str, int, int, int], ground: str = "white", ink: str = "black") -> Image.Image:
    """A page of Letter at 144 dpi with texts: what, left, top, size in pixels."""
    image = Image.new("RGB", LETTER, ground)
    draw = ImageDraw.Draw(image)
    for text, left, top, size in texts:
        draw.text((left, top), text, ink, fonts.load(fonts.NOTO_SERIF, size))
    return image


def pixels(image: Image.Image) -> Pixels:
    return np.ascontiguousarray(np.asarray(image, dtype=np.uint8)[..., ::-1])


def line(left: float, top: float, right: float, bottom: float) -> Quads:
    return np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], dtype=np.float32)


@pytest.mark.parametrize(("ground", "ink"), [("white", "black"), ("#222", "#ddd")])
def test_words_of_a_line_are_one_island_and_two_lines_are_two(ground: str, ink: str) -> None:
    found = islands.islands(
        pixels(page(("Page 12", 140, 130, 24), ("Hello", 140, 400, 24), ground=ground, ink=ink)), NONE
    )
    assert len(found) == 2
    left, top, right, bottom = found[0]
    assert 135 <= left <= 150
    assert 130 <= top <= 145
    assert 200 <= right <= 260
    assert bottom <= 170


def test_what_a_line_takes_in_is_no_island() -> None:
    image = pixels(page(("Page 12", 140, 130, 24), ("Hello", 140, 400, 24)))
    assert len(islands.islands(image, line(130, 125, 260, 170))) == 1


def test_a_page_with_many_lines_is_not_looked_at() -> None:
    image = pixels(page(("Hello", 140, 1_400, 24)))
    assert islands.islands(image, np.repeat(line(0, 0, 50, 20), islands.FEW_LINES + 1, axis=0)) == []


def test_stains_borders_and_noise_are_no_islands() -> None:
    image = page()
    draw = ImageDraw.Draw(image)
    for x in range(100, 1_100, 150):
        draw.ellipse((x, 700, x + 14, 714), fill="black")
    draw.ellipse((500, 1_000, 530, 1_008), fill="black")
    draw.rectangle((0, 0, 12, LETTER[1]), fill="black")
    draw.rectangle((300, 100, 900, 500), fill="black")
    assert islands.islands(pixels(image), NONE) == []
    noise = np.random.default_rng(1).normal(230, 40, (*LETTER[::-1], 1)).clip(0, 255).astype(np.uint8)
    assert islands.islands(np.repeat(noise, 3, axis=2), NONE) == []


def test_what_is_around_an_island_ends_at_the_edges_of_the_page() -> None:
    assert islands.around((10, 100, 60, 120), 1_000, 130) == (0, 60, 100, 130)


@pytest.mark.parametrize("words", ["Hello", "Total 12", "Page 12"])
def test_a_lone_line_of_a_page_is_found(words: str) -> None:
    (quad,) = finding.find(models.load(2).detection, pixels(page((words, 140, 130, 24))), 2_000)
    assert quad[:, 0].min() == pytest.approx(140, abs=15)
    assert quad[:, 1].min() == pytest.approx(135, abs=15)


def test_a_page_with_nothing_but_a_tall_digit_is_read() -> None:
    with ThreadPoolExecutor(1) as workers:
        read = reader.read(models.load(2), workers, pixels(page(("7", 600, 1_400, 40))), 2_000)
    assert [found.text for found in read.lines] == ["7"]
