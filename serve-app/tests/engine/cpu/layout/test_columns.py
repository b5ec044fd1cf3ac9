from hypothesis import given
from hypothesis import strategies as st

from ocr_app.engine.cpu.layout.columns import in_columns
from ocr_app.engine.cpu.layout.types import Box, Line
from tests.engine.cpu.layout.lines import PITCH, UNIT, column, line, prose


def read(lines: list[Line]) -> list[list[str]]:
    return [[piece.text for piece in part] for part in in_columns(lines, UNIT)]


def test_one_column_stays_whole() -> None:
    assert read(column(prose("one", 5))) == [prose("one", 5)]


def test_two_and_three_columns() -> None:
    parts = [column(prose(name, 6), x) for name, x in (("left", 0), ("middle", 330), ("right", 660))]
    for count in (2, 3):
        mixed = [piece for row in zip(*parts[:count], strict=True) for piece in row]
        assert read(mixed) == [[piece.text for piece in part] for part in parts[:count]]


def test_a_title_over_the_columns_comes_first_and_a_line_below_last() -> None:
    title, end = line("T" * 60, 0, 0), line("E" * 60, 0, 400)
    left, right = column(prose("left", 6), 0, 60), column(prose("right", 6), 330, 60)
    assert read([end, *right, *left, title]) == [
        [title.text],
        [piece.text for piece in left],
        [piece.text for piece in right],
        [end.text],
    ]


def test_a_short_heading_set_off_below_the_columns_does_not_join_the_left_one() -> None:
    left, right = column(prose("left", 6)), column(prose("right", 4), 330)
    heading = line("SHORT HEADING", 0, 6 * PITCH + 60)
    assert read([*left, *right, heading])[-1] == ["SHORT HEADING"]


def test_columns_within_a_column() -> None:
    right = column(prose("right", 12), 700)
    over = column(["W" * 66] * 3, 0)
    small = [column(prose(name, 6), x, 150) for name, x in (("small", 0), ("beside", 330))]
    assert [part[0][:5] for part in read([*right, *over, *small[0], *small[1]])] == ["WWWWW", "small", "besid", "right"]


def test_cells_markers_and_short_labels_are_no_columns() -> None:
    table = [line(str(1000 + 7 * row), x, PITCH * row) for row in range(6) for x in (300, 500)]
    assert len(in_columns([*column(prose("label", 6), 0), *table], UNIT)) == 1
    marked = [*column(["a.", "b.", "c.", "d."], 0), *column(prose("item", 4), 60)]
    assert len(in_columns(marked, UNIT)) == 1


def test_a_table_below_two_columns_is_not_cut_by_their_gutter() -> None:
    left, right = column(prose("left", 6)), column(prose("right", 6), 330)
    cells = [
        line("alpha" if x < 300 else "1,234", x, 250 + PITCH * row) for row in range(4) for x in (0, 150, 400, 550)
    ]
    parts = read([*left, *right, *cells])
    assert [len(part) for part in parts] == [6, 6, 16]


boxes = st.builds(
    lambda x, y, w, h: Line("words here", Box(x, y, x + w, y + h)),
    st.integers(0, 500),
    st.integers(0, 500),
    st.integers(1, 300),
    st.integers(1, 60),
)


@given(st.lists(boxes, max_size=30))
def test_no_line_is_lost_or_doubled(lines: list[Line]) -> None:
    assert sorted(id(piece) for part in in_columns(lines, UNIT) for piece in part) == sorted(map(id, lines))
