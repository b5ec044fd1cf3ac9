import dataclasses

from ocr_app.engine.cpu.layout import rows, tables
from ocr_app.engine.cpu.layout.types import Box, Line
from tests.engine.cpu.layout.lines import PITCH, UNIT, column, line, prose

X = (0, 250, 400, 550)


def grid(cells: list[list[str]], y: float = 0) -> list[Line]:
    return [line(cell, X[i], y + PITCH * n) for n, row in enumerate(cells) for i, cell in enumerate(row) if cell]


def find(lines: list[Line]) -> list[tables.FoundTable]:
    return tables.find(rows.rows(lines), UNIT)


CELLS = [["Name", "2023", "2024", "2025"], ["Revenue", "1", "22", "333"], ["Costs", "4", "55", "666"]]


def test_a_grid_among_text() -> None:
    above, below = column(prose("above", 2)), column(prose("below", 2), 0, 300)
    (table,) = find([*above, *grid(CELLS, 100), *below])
    assert (table.first, table.last) == (2, 4)
    assert [list(row) for row in table.cells] == CELLS


def test_an_empty_cell_stays_in_its_column() -> None:
    cells = [*CELLS, ["Other", "", "7", "8"]]
    assert [list(row) for row in find(grid(cells))[0].cells] == cells


def test_a_head_centred_over_columns_is_repeated_in_each() -> None:
    head = line("Year ended", 390, -PITCH)
    assert find([head, *grid(CELLS)])[0].cells[0] == ("", "Year ended", "Year ended", "Year ended")


def test_currency_and_percent_signs_join_their_number() -> None:
    lines = [*grid(CELLS), line("$", 240, PITCH), line("%", 440, PITCH)]
    lines = [piece for piece in lines if piece.text != "1"] + [line("1", 280, PITCH)]
    assert find(lines)[0].cells[1] == ("Revenue", "$1", "22%", "333")


def test_a_cell_that_goes_on_in_many_lines_does_not_end_the_table() -> None:
    lines = grid([["Task", "Meant", "Who"], ["Roof", "Clear the", "Ann"]])
    lines += column(["gutters on the", "north and the", "south side"], 250, 2 * PITCH)
    lines += grid([["Door", "Paint it", "Ben"]], 5 * PITCH + 12)
    (table,) = find(lines)
    assert table.cells == (
        ("Task", "Meant", "Who"),
        ("Roof", "Clear the gutters on the north and the south side", "Ann"),
        ("Door", "Paint it", "Ben"),
    )
    (table,) = find(lines[:-3])
    assert (table.last, table.cells[-1]) == (4, ("Roof", "Clear the gutters on the north and the south side", "Ann"))


def test_sums_set_off_from_their_table_belong_to_it() -> None:
    lines = [*grid(CELLS), *grid([["Sum", "5", "77", "999"]], 7 * PITCH), *column(prose("after", 2), 0, 13 * PITCH)]
    (table,) = find(lines)
    assert [list(row) for row in table.cells] == [*CELLS, ["Sum", "5", "77", "999"]]
    (table,) = find([*grid(CELLS), *grid([["", "", "Net", "999"], ["", "", "Total", "1200"]], 7 * PITCH)])
    assert [list(row) for row in table.cells[3:]] == [["", "", "Net", "999"], ["", "", "Total", "1200"]]


def test_a_line_to_sign_on_is_no_sum() -> None:
    (table,) = find([*grid(CELLS), *grid([["Place, date", "", "", "Signature"]], 7 * PITCH)])
    assert [list(row) for row in table.cells] == CELLS


def test_labels_and_amounts_or_values_are_tables_without_a_head() -> None:
    menu = [["Soup", "", "5.50"], ["Salad", "", "7.20"], ["Bread", "", "3.90"]]
    assert find(grid(menu))[0].cells == (("", ""), ("Soup", "5.50"), ("Salad", "7.20"), ("Bread", "3.90"))
    form = [["Name:", "Ada"], ["Town:", "Leeds"], ["Car:", "none"]]
    assert find(grid(form))[0].cells == (("", ""), ("Name:", "Ada"), ("Town:", "Leeds"), ("Car:", "none"))
    years = [["Year", "2023"], ["Sales", "120"], ["Costs", "80"]]
    assert find(grid(years))[0].cells[0] == ("Year", "2023")


def test_boxes_to_tick_in_two_columns_are_a_table() -> None:
    boxes = [["☐ Fever", "☑ Cough"], ["☑ Rash", "☐ Cramps"], ["☐ Nausea", "☐ Fatigue"]]
    assert [list(row) for row in find(grid(boxes))[0].cells] == boxes


def test_labels_in_the_margin_of_running_text_are_no_table() -> None:
    text = column([words.ljust(52, "x") for words in prose("text", 9)], 250)
    labels = [line(name, 0, PITCH * n) for n, name in ((0, "Skills"), (3, "Rome"), (6, "Languages"))]
    assert find([*labels, *text]) == []


FORM = [["Item", "Entry"], ["Born", "1987"], ["Town", "Leeds"], ["Work", "Baker"]]


def test_a_table_with_columns_of_its_own_below_another_is_one_too() -> None:
    below = [
        line(text, x, 6 * PITCH + PITCH * n) for n in range(4) for text, x in ((f"P{n}", 0), ("48", 330), ("ok", 470))
    ]
    first, second = find([*grid(FORM), line("Readings", 0, 5 * PITCH), *below])
    assert [list(row) for row in first.cells] == FORM
    assert [list(row) for row in second.cells[-2:]] == [["P2", "48", "ok"], ["P3", "48", "ok"]]
    # Without a gap or a title between them it may be one.
    assert len(find([*grid(FORM), *[dataclasses.replace(piece, box=_up(piece, 2)) for piece in below]])) == 1


def test_rows_of_another_table_do_not_part_the_cells_of_this_one() -> None:
    name = [line("Work", 0, 4 * PITCH), line("Blue Heron Printing", 250, 4 * PITCH), line("Ltd", 448, 4 * PITCH)]
    below = [line(text, x, (7 + n) * PITCH) for n in range(4) for text, x in ((f"P{n}", 0), ("48", 330), ("ok", 448))]
    first, _ = find([*grid(FORM), *name, line("Readings", 0, 6 * PITCH), *below])
    assert first.cells[-1] == ("Work", "Blue Heron Printing Ltd")


def test_sections_of_a_table_stay_in_it() -> None:
    (table,) = find([*grid(CELLS), line("Section", 0, 3 * PITCH), *grid(CELLS[1:], 4 * PITCH)])
    assert [list(row) for row in table.cells] == [*CELLS, ["Section", "", "", ""], *CELLS[1:]]


def test_a_row_beside_all_columns_is_no_row_of_the_table() -> None:
    beside = [line("Total payable", 700, 4 * PITCH), line("120.50", 900, 4 * PITCH)]
    (table,) = find([*grid(CELLS), *beside])
    assert [list(row) for row in table.cells] == CELLS


def _up(piece: Line, rows: int) -> Box:
    return dataclasses.replace(piece.box, top=piece.box.top - rows * PITCH, bottom=piece.box.bottom - rows * PITCH)


def test_clauses_with_their_numbers_are_no_table_even_below_a_head_of_two_pieces() -> None:
    head = [line("Agreement HA-3647-H", 0, -2 * PITCH), line("Confidential", 600, -2 * PITCH)]
    clauses = column([words.ljust(66, "x") for words in prose("text", 8)], 55)
    numbers = [line(f"5.{n}", 0, 2 * PITCH * n) for n in range(4)]
    assert find([*head, *numbers, *clauses]) == []


def test_running_text_below_the_last_column_is_no_cell() -> None:
    text = column([words.ljust(60, "x") for words in prose("text", 2)], 550, 3 * PITCH)
    (table,) = find([*grid(CELLS), *text])
    assert [list(row) for row in table.cells] == CELLS


def test_lists_and_running_text_are_no_tables() -> None:
    assert find([*column(["a.", "b.", "c.", "d."]), *column(prose("item", 4), 60)]) == []
    assert find(column(prose("text", 6))) == []
    words = [line(word, 80 * index, 0) for index, word in enumerate(["wide", "set", "line", "of", "text"])]
    assert find([*words, *column(prose("text", 4), 0, PITCH)]) == []
