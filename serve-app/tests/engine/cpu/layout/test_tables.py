from ocr_app.engine.cpu.layout import rows, tables
from ocr_app.engine.cpu.layout.types import Line
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


def test_lists_and_running_text_are_no_tables() -> None:
    assert find([*column(["a.", "b.", "c.", "d."]), *column(prose("item", 4), 60)]) == []
    assert find(column(prose("text", 6))) == []
    words = [line(word, 80 * index, 0) for index, word in enumerate(["wide", "set", "line", "of", "text"])]
    assert find([*words, *column(prose("text", 4), 0, PITCH)]) == []
