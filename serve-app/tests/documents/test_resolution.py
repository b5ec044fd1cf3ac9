"""How large pages are drawn."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.documents.resolution import MOST_DPI, MOST_POINTS, Rule, drawing_of, within
from ocr_app.engine.images import MAX_SIDE
from ocr_app.engine.types import RequestError
from ocr_app.settings import DocumentSettings, LimitSettings

RULE = Rule(dpi=144, min_side_px=1_600, max_side_px=2_600, narrow_side_px=1_000, max_pixels=50_000_000)


@pytest.mark.parametrize(
    ("page", "image"),
    [
        ((595.276, 841.89), (1_191, 1_684)),  # A4: 144 dpi
        ((612, 792), (1_237, 1_600)),  # Letter, a little more
        ((180, 300), (960, 1_600)),  # a pocket book: 384 dpi
        ((2_384, 3_370), (1_840, 2_600)),  # A0: 56 dpi
        ((226, 3_000), (452, 6_000)),  # a receipt: 144 dpi, however long
        ((600, 10_000), (1_000, 16_667)),  # a web page: its text is as wide as a column
        ((0.5, 0.5), (5, 5)),
        ((14_400, 0.001), (28_800, 1)),
    ],
)
def test_sizes(page: tuple[float, float], image: tuple[int, int]) -> None:
    drawing, turned = drawing_of(page[0], page[1], RULE), drawing_of(page[1], page[0], RULE)
    assert (drawing.width, drawing.height) == (turned.height, turned.width) == image


def test_the_settings_make_the_rule() -> None:
    assert Rule.of(DocumentSettings(), LimitSettings()) == RULE
    settings = DocumentSettings(dpi=100, min_side_px=300, max_side_px=400, narrow_side_px=200)
    assert Rule.of(settings, LimitSettings(max_image_pixels=5_000)) == Rule(100, 300, 400, 200, 5_000)


@pytest.mark.parametrize("page", [(200_000, 200_000), (100, 14_401), (0, 5), (-1, 5), (float("nan"), 5), (5, 1e400)])
def test_sizes_that_no_page_has(page: tuple[float, float]) -> None:
    with pytest.raises(RequestError, match="points; PDF allows 14,400 a side") as caught:
        drawing_of(*page, RULE)
    assert (caught.value.code, caught.value.status) == ("page_too_large", 413)


@given(st.floats(0.001, MOST_POINTS), st.floats(0.001, MOST_POINTS), st.integers(1_024, 10**8))
def test_no_page_gets_too_many_pixels(width: float, height: float, most: int) -> None:
    drawing = drawing_of(width, height, dataclasses.replace(RULE, max_pixels=most))
    assert 1 <= drawing.width <= MAX_SIDE
    assert 1 <= drawing.height <= MAX_SIDE
    assert drawing.width * drawing.height <= most
    assert 0 < drawing.dpi <= MOST_DPI


@given(st.floats(1, 5_000), st.floats(1, 5_000), st.floats(0.1, 20), st.integers(10_000, 10**8))
def test_limits_take_no_more_than_they_must(width: float, height: float, scale: float, most: int) -> None:
    drawing = within(width, height, scale, most)
    if drawing.scale < scale and max(drawing.width, drawing.height) < MAX_SIDE:
        assert width * height * scale**2 > 0.8 * most or min(width, height) * scale < 30
