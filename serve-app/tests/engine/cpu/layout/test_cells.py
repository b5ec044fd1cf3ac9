"""Cells of several lines, and heads over several columns. Boxes are 20 high; columns begin at 0, 250, 400 and 550."""

from dataclasses import replace

import pytest

from ocr_app.engine.cpu.layout import cells, rows
from ocr_app.engine.cpu.layout.types import Box, Line
from tests.engine.cpu.layout.lines import UNIT, line

X = (0, 250, 600)
WIDE, TIGHT = 34, 22
"""From row to row, and from line to line of a cell."""


def fill(lines: list[Line]) -> list[list[str]]:
    block = rows.rows(lines)
    return cells.fill(block, cells.columns(block, UNIT), UNIT)


def wrapped(table: list[list[str]], *, middle: bool = False) -> list[Line]:
    """A table whose cells have their lines parted by `/`, from the top of the row or around its middle."""
    lines, y = [], 0.0
    for row in table:
        most = max(cell.count("/") for cell in row)
        for x, cell in zip(X, row, strict=True):
            down = (most - cell.count("/")) * TIGHT / 2 if middle else 0.0
            lines += [line(text, x, y + down + TIGHT * n) for n, text in enumerate(cell.split("/")) if text]
        y += TIGHT * most + WIDE
    return lines


TASKS = [
    ["Task", "What is meant", "Who"],
    ["Heating", "Bleed all radiators on the/upper floor, then refill", "Caretaker"],
    ["Windows", "Oil the hinges and replace/cracked panes in room 4/and in room 7", "Glazier"],
    ["Roof", "Clear gutters", "Roofer"],
    ["Garden/shed", "Paint the door green and/fix the lock", "Volunteers"],
]


@pytest.mark.parametrize("middle", [False, True])
def test_lines_of_a_cell_that_are_nearer_than_rows_are_one_row(middle: bool) -> None:
    assert fill(wrapped(TASKS, middle=middle)) == [[cell.replace("/", " ") for cell in row] for row in TASKS]


def test_rows_as_near_as_lines_are_joined_where_the_first_word_had_no_room() -> None:
    lines = [line("Task", 0, 0), line("What is meant by it", 250, 0), line("Who", 600, 0)]
    lines += [line("Heating", 0, 24), line("Bleed all radiators", 250, 24), line("Caretaker", 600, 24)]
    lines += [line("and refill", 250, 48)]
    lines += [line("Roof", 0, 72), line("Clear gutters", 250, 72), line("Roofer", 600, 72)]
    lines += [line("now", 250, 96)]
    assert fill(lines) == [
        ["Task", "What is meant by it", "Who"],
        ["Heating", "Bleed all radiators and refill", "Caretaker"],
        ["Roof", "Clear gutters", "Roofer"],
        ["", "now", ""],
    ]


def test_rows_with_amounts_of_their_own_stay_rows() -> None:
    lines = []
    for n, row in enumerate([["Item", "Net", "Gross"], ["Post", "10", "12"], ["", "4", "5"], ["Print", "30", "36"]]):
        y = [0, 34, 56, 90][n]
        lines += [line(text, x, y) for x, text in zip(X, row, strict=True) if text]
    assert fill(lines)[2] == ["", "4", "5"]


def test_groups_of_rows_set_off_from_each_other_stay_rows() -> None:
    names = [["Ada", "north", "yes"], ["Ben", "south", "no"], ["Cy", "east", "no"], ["Di", "west", "yes"]]
    lines = [
        line(text, x, y) for row, y in zip(names, (0, 22, 60, 82), strict=True) for x, text in zip(X, row, strict=True)
    ]
    assert fill(lines) == names


def heads(tops: list[tuple[str, float]], below: list[str], xs: list[float]) -> list[list[str]]:
    lines = [line(text, centre - 5 * len(text), 0) for text, centre in tops]
    for n, row in enumerate([below, *[[name, "12", "13", "14", "15"] for name in ("North", "South", "East")]]):
        lines += [
            line(text, x - (0 if i == 0 else 5 * len(text)), 30 * n + 30)
            for i, (x, text) in enumerate(zip(xs, row, strict=True))
        ]
    return fill(lines)


XS = [0.0, 300.0, 400.0, 500.0, 600.0]
SUBS = ["Region", "Sales", "Costs", "Sales", "Costs"]


@pytest.mark.parametrize(
    ("tops", "row"),
    [
        ([("2023", 350), ("2024", 550)], ["", "2023", "2023", "2024", "2024"]),
        ([("Actual", 350), ("Budget", 550)], ["", "Actual", "Actual", "Budget", "Budget"]),
        ([("Year to May", 350), ("Year to June", 550)], ["", *["Year to May"] * 2, *["Year to June"] * 2]),
        ([("All in euros", 450)], ["", *["All in euros"] * 4]),
        ([("Past", 300), ("Coming", 600)], ["", "Past", "", "", "Coming"]),
    ],
)
def test_heads_are_repeated_over_the_columns_that_they_are_centred_over(
    tops: list[tuple[str, float]], row: list[str]
) -> None:
    table = heads(tops, SUBS, XS)
    assert table[0] == row
    assert table[1] == SUBS


def test_heads_that_begin_with_their_first_column_are_over_the_next_too() -> None:
    lines = [line("Temperature", 300, 0), line("Rain", 600, 0)]
    for n, row in enumerate([["Month", "low", "high", "mm", "days"], ["May", "8", "19", "55", "11"]] * 2):
        lines += [line(text, x, 30 * n + 30) for x, text in zip((0, 300, 450, 600, 750), row, strict=True)]
    assert fill(lines)[0] == ["", "Temperature", "Temperature", "Rain", "Rain"]


def test_a_unit_over_all_columns_is_repeated_and_a_centred_cell_that_goes_on_is_not() -> None:
    table = [["", "2021", "2022", "2023"], ["", "", "(in millions)", ""], *[["Costs", "120", "130", "140"]] * 2]
    lines = [
        line(text, x - 5 * len(text), 22 * n)
        for n, row in enumerate(table)
        for x, text in zip((50, 200, 350, 500), row, strict=True)
        if text
    ]
    assert fill(lines)[1] == ["", *["(in millions)"] * 3]
    lines.append(line("or less", 315, 88))
    assert fill(lines)[3] == ["Costs", "120", "130 or less", "140"]


def test_amounts_in_a_first_row_with_holes_are_not_spread() -> None:
    table = [["North", "12", "", "14", ""], ["South", "15", "16", "17", "18"], ["East", "1", "2", "3", "4"]]
    lines = [line(text, x, 30 * n) for n, row in enumerate(table) for x, text in zip(XS, row, strict=True) if text]
    assert fill(lines) == table


def test_a_label_over_two_columns_does_not_make_them_one() -> None:
    rows = [line(text, x, WIDE * n) for n in range(3) for text, x in (("25", 0), ("Room", 50), ("1.00", 250))]
    assert fill([*rows, line("Average of all", 0, 3 * WIDE), line("0.90", 250, 3 * WIDE)])[2:] == [
        ["25", "Room", "1.00"],
        ["", "Average of all", "0.90"],
    ]


def test_heads_that_span_rows_are_in_the_first_one() -> None:
    top = [line("ReACT", 250, 0), line("Plan", 400, 0)]
    under = [line("Time", 250, WIDE), line("Cost", 400, WIDE)]
    labels = [line("#", 0, 2 * WIDE), line("Topic", 100, 2 * WIDE)]
    body = [line(t, x, WIDE * n) for n in (3, 4, 5) for t, x in (("7", 0), ("Room", 100), ("0.1", 250), ("0.2", 400))]
    assert fill([*top, *under, *labels, *body])[:3] == [
        ["#", "Topic", "ReACT", "Plan"],
        ["", "", "Time", "Cost"],
        ["7", "Room", "0.1", "0.2"],
    ]
    # One label alone is the head of a section.
    assert fill([*top, *under, labels[1], *body])[:3] == [
        ["", "", "ReACT", "Plan"],
        ["", "", "Time", "Cost"],
        ["", "Topic", "", ""],
    ]


def test_a_head_over_heads_that_are_wider_than_the_amounts_is_over_all_of_them() -> None:
    def piece(text: str, left: float, right: float, y: float) -> Line:
        return replace(line(text, left, y), box=Box(left, y, right, y + 20))

    dates = [(724, 807), (850, 933), (975, 1058)]
    amounts = [(781, 823), (906, 949), (1031, 1075)]
    lines = [piece("Year Ended", 853, 929, 0)]
    lines += [piece(f"Jan {n}, 2025", left, right, WIDE) for n, (left, right) in enumerate(dates)]
    for n, name in enumerate(("Revenue", "Costs", "Total"), 2):
        lines += [piece(name, 160, 257, WIDE * n)]
        lines += [piece(f"{n},{k}00", left, right, WIDE * n) for k, (left, right) in enumerate(amounts)]
    assert fill(lines)[:3] == [
        ["", "Year Ended", "Year Ended", "Year Ended"],
        ["", "Jan 0, 2025", "Jan 1, 2025", "Jan 2, 2025"],
        ["Revenue", "2,000", "2,100", "2,200"],
    ]
