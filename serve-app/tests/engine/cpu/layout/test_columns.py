from hypothesis import given
from hypothesis import strategies as st

from ocr_app.engine.cpu.layout.columns import in_columns
from ocr_app.engine.cpu.layout.types import Box, Line, Region
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


def picture(left: float, top: float, right: float, bottom: float) -> Region:
    return Region("figure", Box(left, top, right, bottom), 0.9)


def test_the_third_column_beside_a_picture_over_the_first_two_comes_last() -> None:
    caption = line("C" * 40, 0, 320)
    left, middle = column(prose("left", 8), 0, 370), column(prose("middle", 8), 330, 370)
    right = column(prose("right", 8), 660)
    parts = in_columns([*right, caption, *left, *middle], UNIT, (picture(0, 0, 630, 310),))
    assert [words[0][:5] for part in parts if (words := [piece.text for piece in part if piece.text])] == [
        "CCCCC",
        "left ",
        "middl",
        "right",
    ]


def test_a_picture_within_a_column_does_not_end_its_gutters() -> None:
    upper, lower = column(prose("upper", 4), 330), column(prose("lower", 4), 330, 420)
    left, right = column(prose("left", 22)), column(prose("right", 22), 660)
    parts = in_columns([*left, *upper, *lower, *right], UNIT, (picture(322, 110, 640, 400),))
    assert [piece.text[:5] for part in parts for piece in part if " a " in piece.text] == [
        "left ",
        "upper",
        "lower",
        "right",
    ]


def test_a_narrow_list_beside_text_is_read_on_its_own() -> None:
    names = [line(name, 700, 7 + 31 * row) for row, name in enumerate(("Martha Oyelaran", "Jens Falk", "Tom Bright"))]
    text = column([words.ljust(60, "x") for words in prose("text", 6)])
    assert [len(part) for part in in_columns([*names, *text], UNIT)] == [6, 3]


def test_a_box_over_the_gutter_ends_no_column_whose_sentence_goes_on() -> None:
    box = line("A pull quote", 250, 5 * PITCH + 10)
    left = [*column(prose("left", 5)), *column(["goes on here in lower case xxx"] * 5, 0, 7 * PITCH)]
    right = [*column(prose("right", 5), 330), *column(["goes on here in lower case yyy"] * 5, 330, 7 * PITCH)]
    parts = in_columns([*left, *right, box], UNIT)
    assert [[piece.text[:5] for piece in part][::5] for part in parts] == [
        ["left ", "goes "],
        ["right", "goes "],
        ["A pul"],
    ]


def test_a_headline_over_the_gutter_ends_the_columns() -> None:
    head = line("A new story", 250, 5 * PITCH + 10)
    ended = [*prose("text", 4), "The end of the first story."]
    upper = [*column(ended), *column([words.replace("text", "right") for words in ended], 330)]
    lower = [*column(["New story in the left column."] * 5, 0, 7 * PITCH), *column(prose("last", 5), 330, 7 * PITCH)]
    parts = in_columns([*upper, head, *lower], UNIT)
    assert [part[0].text[:5] for part in parts] == ["text ", "right", "A new", "New s", "last "]


def test_heads_in_the_margin_come_before_their_texts() -> None:
    heads = [line("Scope", 0, 0), line("Loading", 0, 7 * PITCH)]
    text = [
        *column(["One begins here.", *prose("one", 5)], 300),
        *column(["Two begins.", *prose("two", 5)], 300, 7 * PITCH),
    ]
    parts = in_columns([*text, *heads], UNIT)
    assert [part[0].text[:5] for part in parts] == ["Scope", "One b", "Loadi", "Two b"]


def test_headlines_side_by_side_below_columns_begin_stories_of_their_own() -> None:
    upper = [piece for x in (0, 330, 660, 990) for piece in column(prose(f"upper{x:03}", 6), x)]
    heads = [line("First story", 0, 180, height=36), line("Second story", 660, 184, height=36)]
    lower = [piece for x in (0, 330, 660, 990) for piece in column(prose(f"lower{x:03}", 6), x, 240)]
    parts = in_columns([*lower, *heads, *upper], UNIT)
    assert [piece.text[:8] for part in parts for piece in part if " a " in piece.text or piece.box.height > UNIT] == [
        *("upper000", "upper330", "upper660", "upper990"),
        *("First st", "lower000", "lower330", "Second s", "lower660", "lower990"),
    ]


INVOICE = [
    Line(text, Box(left, top, right, bottom))
    for text, left, top, right, bottom in (
        ("Silverbeck Instruments GmbH", 110, 100, 586, 130),
        ("INVOICE", 891, 104, 1081, 141),
        ("Number", 795, 169, 887, 197),
        ("Date", 794, 196, 851, 227),
        ("12 February 2023", 900, 226, 1081, 256),
        ("40156 Norwich", 108, 394, 265, 421),
        ("Amount", 981, 481, 1076, 509),
        ("Description", 116, 483, 245, 509),
        ("Unit price", 760, 481, 874, 512),
        ("Quantity", 594, 482, 695, 511),
        ("149.52", 1001, 772, 1075, 802),
        ("Payable within 30 days without deduction. Please state the invoice number.", 108, 979, 865, 1007),
    )
]
"""The head "Unit price" crosses the gutter between the sender and the number; "Amount" and "Description" are higher."""


def test_a_gutter_above_a_table_does_not_reach_into_it() -> None:
    table = Region("table", Box(101, 470, 1096, 922), 0.95)
    heads = {"Amount", "Description", "Unit price", "Quantity"}

    def holding_heads(*regions: Region) -> list[set[str]]:
        parts = [{piece.text for piece in part} for part in in_columns(INVOICE, 28.0, regions)]
        return [part & heads for part in parts if part & heads]

    assert holding_heads(table) == [heads]
    assert len(holding_heads()) > 1
