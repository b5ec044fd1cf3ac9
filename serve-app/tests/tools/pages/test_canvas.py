import numpy as np
import pytest
from PIL import Image

from tools.pages import fonts
from tools.pages.canvas import Canvas, Grid, Style
from tools.pages.errors import NotInstalledError

TEXT = Style(fonts.NOTO_SERIF, 20, leading=1.5, after=0.5)


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    """The box around everything that is not white."""
    rows, columns = np.nonzero(np.asarray(image.convert("L")) < 128)
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


def test_a_paragraph_is_broken_to_the_width_and_moves_the_place_down() -> None:
    canvas = Canvas(400, 400, 50)
    canvas.write("one two three four five six seven eight nine ten", TEXT)
    assert canvas.y == 50 + 2 * 30 + 10
    left, top, right, bottom = ink(canvas.image)
    assert left >= 50
    assert right <= 350
    assert 50 <= top < bottom <= 110


def test_a_column_has_its_own_place_and_width() -> None:
    canvas = Canvas(400, 400, 50)
    canvas.write("one two three", TEXT, x=200, width=60)
    assert canvas.y == 50 + 3 * 30 + 10
    left, _, right, _ = ink(canvas.image)
    assert 200 <= left < right <= 260


def test_chinese_breaks_between_characters() -> None:
    canvas = Canvas(200, 400, 50)
    canvas.write("委员会于三月十四日", Style(fonts.NOTO_SANS_SC, 20, leading=1.5, after=0, breaks_anywhere=True))
    assert canvas.y == 50 + 2 * 30


def test_a_table_is_ruled_only_where_the_grid_says_so() -> None:
    for rule, lines in ((0, 0), (2, 3)):
        canvas = Canvas(400, 400, 50)
        canvas.table([["a", "b"], ["c", "d"]], [100, 100], TEXT, Grid(40, left=10, rule=rule), head=TEXT)
        assert canvas.y == 50 + 2 * 40
        dark = (np.asarray(canvas.image.convert("L"))[:, 50:250] < 128).mean(axis=1) > 0.9
        assert np.count_nonzero(np.diff(dark.astype(int)) == 1) == lines


def test_the_empty_foot_is_cut_off() -> None:
    canvas = Canvas(400, 400, 50)
    canvas.write("one", TEXT)
    assert canvas.cropped().size == (400, 50 + 30 + 10 + 50)


def test_a_font_that_is_missing_is_named() -> None:
    with pytest.raises(NotInstalledError, match=r"Nowhere\.ttf was not found.*fonts-dejavu-core"):
        fonts.load("Nowhere.ttf", 20)
