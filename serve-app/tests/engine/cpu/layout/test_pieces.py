from ocr_app.engine.cpu.layout import pieces
from ocr_app.engine.cpu.layout.rows import rows
from ocr_app.engine.cpu.layout.types import Line
from tests.engine.cpu.layout.lines import PITCH, UNIT, line


def spaced(text: str, x: float, y: float) -> Line:
    """A line with the places of its characters."""
    return Line(text, line(text, x, y).box, positions=tuple(x + 10 * index + 5 for index in range(len(text))))


def texts(lines: list[Line]) -> list[list[str]]:
    return [[piece.text for piece in row] for row in pieces.tidy(rows(lines), UNIT)]


ROWS = [line("ab", x, PITCH * n) for n in (1, 2) for x in (0, 100, 400)]


def test_a_piece_with_two_cells_is_parted_where_other_rows_have_cells() -> None:
    assert texts([spaced("ab", 0, 0), spaced("all radiators and also the one", 100, 0), *ROWS])[0] == [
        "ab",
        "all radiators and also the one",
    ]
    assert texts([spaced("ab", 0, 0), spaced("all radiators and also theirs one", 100, 0), *ROWS])[0] == [
        "ab",
        "all radiators and also theirs",
        "one",
    ]


def test_a_head_that_begins_elsewhere_is_not_parted() -> None:
    assert texts([spaced("ab", 0, 0), spaced("cost one", 350, 0), *ROWS])[0] == ["ab", "cost one"]


def test_a_narrow_gap_parts_cells_and_no_words() -> None:
    near = [line("x" * 29, 100, 0), line("ab", 395, 0)]
    assert texts([*near, *ROWS])[0] == ["x" * 29, "ab"]
    assert texts([line("x" * 29, 50, 0), line("ab", 345, 0), *ROWS])[0] == ["x" * 29 + " ab"]


def test_leaders_between_cells_go() -> None:
    lines = [line("Timber", 0, 0), line("mmmmmmmm", 100, 0), line("3", 400, 0), line("Metal ....", 0, PITCH)]
    assert texts(lines) == [["Timber", "3"], ["Metal ...."]]


def test_years_are_numbers_and_no_amounts() -> None:
    assert [pieces.is_number(text) for text in ("-820.00", "(12.5)", "$ 3", "45 %", "2023", "Q1", "")] == [
        *[True] * 5,
        False,
        False,
    ]
    assert [pieces.is_amount(text) for text in ("2023", "1987", "2,023", "12")] == [False, False, True, True]


def test_heads_near_each_other_over_columns_that_end_below_them_are_apart() -> None:
    ends = ("3.71", "83.0", "58.66", "1")
    values = [line(text, end - 10 * len(text), PITCH * n) for n, text in enumerate(ends, 1) for end in (300, 388)]
    heads = [line("Tokens", 240, 0), line("Amounts", 308, 0, width=80)]
    assert texts([*heads, *values])[0] == ["Tokens", "Amounts"]
    assert texts([*heads, *values[:4]])[0] == ["Tokens Amounts"]


def test_words_over_as_many_columns_of_numbers_are_heads_even_if_all_are_moved() -> None:
    numbers = [line("0.25", x, PITCH * n, width=36) for n in (1, 2, 3) for x in (100, 150, 200)]
    heads = [line(word, x, 0, width=48) for word, x in (("Process", 110), ("Complete", 159), ("Know", 208))]
    assert texts([*heads, *numbers])[0] == ["Process", "Complete", "Know"]
    # In other places they are words of one head.
    moved = [line(word, x, 0, width=48) for word, x in (("Process", 110), ("Complete", 159), ("Know", 268))]
    assert texts([*moved, *numbers])[0] == ["Process Complete", "Know"]
    assert texts([*heads, *numbers[:6]])[0] == ["Process Complete Know"]


def test_a_label_that_reaches_over_columns_of_numbers_is_not_parted() -> None:
    numbers = [line(text, x, PITCH * n) for n in (0, 1, 3) for text, x in (("Name", 0), ("25", 100), ("12", 130))]
    label = spaced("All kinds and some others", 0, 2 * PITCH)
    assert texts([*numbers, label])[2] == ["All kinds and some others"]
    # Heads are words over numbers.
    head = [spaced("Name kind and", 0, 0)]
    assert texts([*head, *[piece for piece in numbers if piece.box.top]])[0] == ["Name kind and"]
