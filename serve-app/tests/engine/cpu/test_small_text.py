import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr_app.engine.cpu import small_text
from ocr_app.engine.cpu.geometry import Pixels
from tools.pages import fonts

LINE = "parcels more or less, seven of them"


def drawn(size: int, text: str = LINE, *, ink: str = "black", paper: str = "white") -> Pixels:
    image = Image.new("RGB", (1_500, 1_200), paper)
    ImageDraw.Draw(image).text((700, 1_000), text, ink, fonts.load(fonts.NOTO_SERIF, size))
    return np.ascontiguousarray(np.asarray(image, dtype=np.uint8)[..., ::-1])


@pytest.mark.parametrize("size", [14, 20, 30])
@pytest.mark.parametrize(("ink", "paper"), [("black", "white"), ("white", "#123"), ("#777", "#eee")])
def test_letters_are_found_with_their_place_and_height(size: int, ink: str, paper: str) -> None:
    found = small_text.letters(drawn(size, ink=ink, paper=paper), 24)
    x, y, height, length = found.T
    # Of those that stand apart many have the height of an x, which is 0.54 of the size of this font.
    assert len(found) > len(LINE) / 5
    assert abs(float(np.median(height)) - 0.54 * size) <= 1.5
    assert (x.min() > 700, y.min() > 1_000, y.max() < 1_000 + 1.4 * size) == (True,) * 3
    assert length.sum() > 0.3 * (x.max() - x.min())


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_the_page_may_lie_on_its_side(turns: int) -> None:
    upright, turned = (small_text.letters(np.ascontiguousarray(np.rot90(drawn(20), n)), 24) for n in (0, turns))
    assert abs(len(upright) - len(turned)) <= 4
    assert abs(np.median(upright[:, 2]) - np.median(turned[:, 2])) <= 1


def test_what_is_larger_or_no_letter_is_left_out() -> None:
    assert len(small_text.letters(drawn(60), 24)) == 0
    assert len(small_text.letters(drawn(20, ". . . . . . . . . . . . . . . . . . . . . ."), 24)) == 0
    assert len(small_text.letters(drawn(20, "ab"), 24)) == 0
    assert len(small_text.letters(np.full((900, 900, 3), 255, np.uint8), 24)) == 0
    grain = np.random.default_rng(1).integers(0, 256, (1_100, 900, 3), dtype=np.uint8)
    assert len(small_text.letters(grain, 24)) == 0


def test_looking_stops_when_the_page_is_not_needed() -> None:
    def check() -> None:
        raise RuntimeError("left")

    with pytest.raises(RuntimeError, match="left"):
        small_text.letters(drawn(20), 24, check)
