import numpy as np

from tools.pages import fonts
from tools.pages.collection.record import Cells, Furniture, Text, Then
from tools.pages.collection.sheet import Face, Family, Sheet

FACE = Face(fonts.NOTO_SERIF, 10, leading=1.5)
FAMILY = Family(FACE, FACE)


def ink(sheet: Sheet) -> tuple[int, int, int, int]:
    """The box around everything that is not white, in points."""
    rows, columns = np.nonzero(np.asarray(sheet.image.convert("L")) < 128)
    left, top, right, bottom = (int(edge) // 2 for edge in (columns.min(), rows.min(), columns.max(), rows.max()))
    return left, top, right, bottom


def test_a_paragraph_is_remembered_line_by_line_as_it_is_drawn() -> None:
    sheet = Sheet((200, 200), 2)
    y = sheet.text("one two three four five six seven eight", 50, 40, 100, FACE, lead="1.", hang=20)
    assert y == 40 + 3 * 15
    (text,) = sheet.drawn
    assert text == Text(("one two three", "four five six", "seven eight"), running=True, lead="1.")
    left, top, right, bottom = ink(sheet)
    assert 50 <= left <= 52  # the number
    assert right <= 150
    assert 40 <= top < bottom <= y


def test_lines_and_rows_stand_at_their_edges() -> None:
    sheet = Sheet((200, 100), 2)
    assert sheet.lines(("one", "two"), 190, 20, FACE, align="right") == 50
    assert ink(sheet)[2] in (189, 190)
    assert sheet.row((("a", 10, "left"), ("b", 100, "centre")), 60, FACE, flow="x") == 75
    assert sheet.drawn == [Text(("one", "two")), Text(("a", "b"), "x", each=True)]


def test_a_cell_that_is_too_long_takes_a_second_line_and_stays_one_cell() -> None:
    sheet = Sheet((200, 200), 2)
    rows = (("Item", "Sum"), ("one two three four five", "12.00"))
    assert sheet.table(rows, 10, 10, (80, 60), FAMILY, right=(1,), pad=4) == 10 + 19 + (2 * 15 + 4)
    assert sheet.drawn == [Cells(rows)]


def test_furniture_is_no_text() -> None:
    sheet = Sheet((200, 200), 2)
    sheet.furniture("Page 3", 100, 180, FACE, "centre")
    assert sheet.drawn == [Furniture("Page 3")]


def test_a_picture_has_no_letters_and_stays_in_its_place() -> None:
    sheet = Sheet((200, 200), 2)
    sheet.picture(40, 50, 100, 60)
    assert sheet.drawn == []
    rows, columns = np.nonzero(np.asarray(sheet.image.convert("L")) < 250)
    assert (columns.min() // 2, rows.min() // 2, columns.max() // 2, rows.max() // 2) == (40, 50, 140, 110)


def test_flows_beside_each_other_have_an_order() -> None:
    sheet = Sheet((200, 200), 2)
    sheet.then("a", "b", "c")
    assert sheet.drawn == [Then("a", "b"), Then("b", "c")]
