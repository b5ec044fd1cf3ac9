import pytest

from ocr_app.engine.cpu.recognition import HEIGHT_PX, MOST_WIDTH_PX, network_width


@pytest.mark.parametrize(
    ("width", "height", "seen"),
    [(960, 96, 480), (1, 500, 1), (6_300, HEIGHT_PX, 6_300), (65_000, 200, MOST_WIDTH_PX)],
)
def test_a_crop_keeps_its_shape_up_to_a_width(width: int, height: int, seen: int) -> None:
    assert network_width(width, height) == seen
