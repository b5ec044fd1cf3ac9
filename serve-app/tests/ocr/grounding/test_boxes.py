import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.ocr.grounding.boxes import Box, parse_boxes, to_pixels
from tests.ocr.grounding.outputs import A, B


@pytest.mark.parametrize(
    ("text", "boxes", "problems"),
    [
        ("[[10, 20, 300, 40]]", (A,), ()),
        ("[10,20,300,40]", (A,), ()),
        ("[(10,20,300,40)]", (A,), ()),
        ("[[10,20,300,40],[5,50,990,900]]", (A, B), ()),
        ("[[10,20,300,40][5,50,990,900]", (A, B), ()),
        ("[[10.2, 19.9, 300.0, 40]]", (A,), ()),
        ("[[300, 40, 10, 20]]", (A,), ("swapped_box",)),
        ("[[-5, 20, 1200, 40]]", (Box(0, 20, 999, 40),), ("clipped_box",)),
        ("[[10, 20, 300]]", (), ("bad_box",)),
        ("[[10, 20, 300, 40, 50]]", (), ("bad_box",)),
        ("[[10, 20, 300, 4", (), ("bad_box",)),
        ("[[10, 20, 300, 40], [5, 5", (A,), ("bad_box",)),
        ("[[" + "9" * 5000 + ", 20, 300, 40]]", (Box(300, 20, 999, 40),), ("clipped_box", "swapped_box")),
        ("[[]]", (), ()),
        ("[[", (), ()),
        ("", (), ()),
        ("10, 20, 300, 40", (), ()),
    ],
)
def test_boxes(text: str, boxes: tuple[Box, ...], problems: tuple[str, ...]) -> None:
    assert parse_boxes(text) == (boxes, problems)


def test_boxes_become_pixels_of_the_original_image() -> None:
    assert to_pixels(Box(0, 0, 999, 999), 1654, 2339) == (0, 0, 1654, 2339)
    assert to_pixels(Box(100, 200, 300, 400), 999, 1998) == (100, 400, 300, 800)


@given(
    st.tuples(*[st.integers(0, 999)] * 4).map(
        lambda n: Box(min(n[0], n[2]), min(n[1], n[3]), max(n[0], n[2]), max(n[1], n[3]))
    ),
    st.integers(1, 20_000),
    st.integers(1, 20_000),
)
def test_pixel_boxes_stay_inside_the_image(box: Box, width: int, height: int) -> None:
    left, top, right, bottom = to_pixels(box, width, height)
    assert 0 <= left <= right <= width
    assert 0 <= top <= bottom <= height
