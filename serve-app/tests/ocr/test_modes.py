import pytest

from ocr_app.ocr.modes import Mode, image_tokens


@pytest.mark.parametrize(
    ("mode", "grid", "tokens"),
    [
        ("tiny", (1, 1), 73),
        ("small", (1, 1), 111),
        ("base", (1, 1), 273),
        ("large", (1, 1), 421),
        ("gundam", (1, 1), 273),
        ("gundam", (2, 3), 903),
        ("gundam", (6, 1), 883),
        ("gundam", (1, 6), 933),
    ],
)
def test_tokens_of_an_image(mode: Mode, grid: tuple[int, int], tokens: int) -> None:
    assert image_tokens(mode, *grid) == tokens
