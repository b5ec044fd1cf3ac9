import io
import itertools
import math
from typing import Any

import pikepdf
import pytest
from pikepdf import Dictionary

from ocr_app.documents.text_layer.types import PageText
from tests.documents.text_layer.support import (
    boxed,
    char_boxes,
    found_box,
    ink_box,
    layered,
    line,
    outcomes,
    pdf_of,
    rendered,
    saved,
    text_of,
)

WIDTH = 600
BLACK_BOX = b"0 g 60 250 150 20 re f"
"""A word of ink, in user space."""

MEDIA_BOXES = {"usual": (0, 0, 300, 400), "shifted": (-50, 120, 250, 520), "swapped": (300, 400, 0, 0)}
CROPS: dict[str, tuple[float, ...] | None] = {
    "none": None,
    "smaller": (40, 200, 260, 390),
    "larger": (-900, -900, 900, 900),
}


def assert_near(found: Any, expected: Any, tolerance: float) -> None:
    assert found is not None
    assert all(abs(a - b) <= tolerance for a, b in zip(found, expected, strict=True)), (found, expected)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize("media", MEDIA_BOXES)
@pytest.mark.parametrize("crop", CROPS)
def test_a_line_lies_on_its_ink(rotation: int, media: str, crop: str) -> None:
    entries: dict[str, Any] = {"MediaBox": boxed(*MEDIA_BOXES[media]), "Rotate": rotation}
    if cropped := CROPS[crop]:
        entries["CropBox"] = boxed(*cropped)
    data = saved(pdf_of(BLACK_BOX, **entries))
    gray = rendered(data, WIDTH)
    ink = ink_box(gray)
    result, done = layered(data, PageText(0, gray.shape[1], gray.shape[0], [line("two words", ink)]))
    assert outcomes(done) == ["added"]
    assert_near(found_box(result, "two words", WIDTH), ink, 1.5)
    # As the reader sees the page, the text runs to the right, or upwards where the box is tall.
    first, *_, last = char_boxes(result, "two words", WIDTH)
    tall = ink[3] - ink[1] > ink[2] - ink[0]
    assert (first[1] > last[3]) if tall else (first[2] < last[0])


@pytest.mark.parametrize("unit", [0.5, 72])
def test_user_units_change_nothing(unit: float) -> None:
    data = saved(pdf_of(BLACK_BOX, UserUnit=unit))
    gray = rendered(data, WIDTH)
    result, _ = layered(data, PageText(0, gray.shape[1], gray.shape[0], [line("word", ink_box(gray))]))
    assert_near(found_box(result, "word", WIDTH), ink_box(gray), 1.5)


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_lines_of_an_image_that_was_turned_upright(quarter_turns: int) -> None:
    data = saved(pdf_of(BLACK_BOX, MediaBox=boxed(10, 20, 310, 420)))
    gray = rendered(data, WIDTH)
    ink = ink_box(gray)
    width, height = gray.shape[1], gray.shape[0]
    left, top, right, bottom = ink
    # As numpy.rot90 turns it.
    turned = {
        1: (top, width - right, bottom, width - left),
        2: (width - right, height - bottom, width - left, height - top),
        3: (height - bottom, left, height - top, right),
    }[quarter_turns]
    size = (height, width) if quarter_turns % 2 else (width, height)
    text = PageText(0, *size, [line("word", turned)], quarter_turns=quarter_turns)
    result, _ = layered(data, text)
    assert_near(found_box(result, "word", WIDTH), ink, 1.5)


def test_attributes_may_be_inherited() -> None:
    pdf = pdf_of(BLACK_BOX, BLACK_BOX)
    for page in pdf.pages:
        del page.obj["/MediaBox"], page.obj["/Resources"]
    pdf.Root.Pages.MediaBox = boxed(-50, 120, 250, 520)
    pdf.Root.Pages.Rotate = 90
    pdf.Root.Pages.Resources = Dictionary(ExtGState=Dictionary(G=Dictionary(LW=2)))
    data = saved(pdf)
    gray = rendered(data, WIDTH)
    result, done = layered(data, PageText(1, gray.shape[1], gray.shape[0], [line("word", ink_box(gray))]))
    assert outcomes(done) == ["added"]
    assert_near(found_box(result, "word", WIDTH, index=1), ink_box(gray), 1.5)
    with pikepdf.open(io.BytesIO(result)) as after:
        assert after.pages[1].obj.Resources.ExtGState.G.LW == 2
        assert "/Font" not in after.pages[0].obj.Resources


@pytest.mark.parametrize("size", [(0.5, 0.5), (14_400, 14_400)])
def test_pages_of_any_size(size: tuple[float, float]) -> None:
    data = saved(pdf_of(b"", MediaBox=boxed(0, 0, *size)))
    result, _ = layered(data, PageText(0, 100, 100, [line("word", (10, 20, 60, 40))]))
    assert_near(found_box(result, "word", 100), (10, 20, 60, 40), 0.5)


@pytest.mark.parametrize("degrees", [-8.0, -1.0, 0.7, 3.0, 12.0])
def test_a_slanted_line_lies_within_the_box_around_it(degrees: float) -> None:
    data = saved(pdf_of(b"", size=(500, 500)))
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    # The corners of a line of 300 x 20 pixels around (250, 250).
    corners = [(250 + x * cos - y * sin, 250 + x * sin + y * cos) for x, y in itertools.product((-150, 150), (-10, 10))]
    xs, ys = zip(*corners, strict=True)
    text = "".join(chr(ord("a") + n % 26) for n in range(40))
    result, _ = layered(data, PageText(0, 500, 500, [line(text, (min(xs), min(ys), max(xs), max(ys)), degrees)]))
    first, *_, last = char_boxes(result, text, 500)
    middle = [((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in (first, last)]
    slope = math.degrees(math.atan2(middle[1][1] - middle[0][1], middle[1][0] - middle[0][0]))
    assert abs(slope - degrees) < 0.1
    assert math.dist(*middle) == pytest.approx(300 - 7, abs=4)
    assert middle[0][0] + middle[1][0] == pytest.approx(500, abs=4)


def test_a_slanted_line_that_is_cut_at_the_edge_of_the_page_stands_upright() -> None:
    top_left, _, _, bottom_left = line("text", (0, 0, 300, 30), 12).quad
    assert bottom_left[1] > top_left[1] + 5


def test_a_line_without_an_area_is_found_all_the_same() -> None:
    result, _ = layered(saved(pdf_of(b"")), PageText(0, 400, 400, [line("flat", (50, 50, 50, 50))]))
    assert found_box(result, "flat", 400) is not None


def test_a_line_of_one_character_is_found() -> None:
    result, _ = layered(saved(pdf_of(b"")), PageText(0, 400, 400, [line("7", (50, 50, 60, 70))]))
    assert_near(found_box(result, "7", 400), (50, 50, 60, 70), 1)


def test_a_tall_box_holds_a_line_that_runs_up_or_in_chinese_down() -> None:
    lines = [line("margin note", (10, 50, 30, 250)), line("縦書きの文", (60, 50, 80, 250))]
    result, _ = layered(saved(pdf_of(b"")), PageText(0, 400, 400, lines))
    for text, box in (("margin note", (10, 50, 30, 250)), ("縦書きの文", (60, 50, 80, 250))):
        assert_near(found_box(result, text, 400), box, 1)
    up, down = (char_boxes(result, text, 400) for text in ("margin note", "縦書きの文"))
    assert up[0][1] > up[-1][1]
    assert down[0][1] < down[-1][1]


def test_a_page_that_cannot_be_seen_fails_alone() -> None:
    pdf = pdf_of(b"", b"")
    pdf.pages[0].obj.CropBox = boxed(1000, 1000, 1100, 1100)
    good = PageText(1, 400, 400, [line("second", (50, 50, 110, 70))])
    result, done = layered(saved(pdf), PageText(0, 400, 400, good.lines), good)
    assert outcomes(done) == ["failed", "added"]
    assert "CropBox" in done[0].reason
    assert text_of(result, 1) == "second"
