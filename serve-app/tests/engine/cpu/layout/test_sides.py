from ocr_app.engine.cpu.layout.sides import are_columns, has_margin_heads, is_running_text
from ocr_app.engine.cpu.layout.types import Box, Line, Region, union
from tests.engine.cpu.layout.lines import PITCH, UNIT, column, line, prose

TEXT = column(prose("text", 10), 400)
NAMES = ["Martha Oyelaran", "Jens Falk", "Priya Raman", "Tom Bright", "Lucy Marchetti"]


def spaced(texts: list[str], x: float, y: float, pitch: float) -> list[Line]:
    return [line(text, x, y + pitch * index) for index, text in enumerate(texts)]


def around(lines: list[Line], label: str = "text", score: float = 0.9) -> Region:
    box = union(piece.box for piece in lines)
    return Region(label, Box(box.left - 4, box.top - 4, box.right + 4, box.bottom + 4), score)


def test_running_text_on_both_sides() -> None:
    assert are_columns(column(prose("left", 10)), TEXT, UNIT, ())


def test_a_list_beside_running_text_goes_its_own_way_or_is_part_of_a_grid() -> None:
    assert are_columns(spaced(NAMES, 0, 7, 31), TEXT, UNIT, ())
    assert not are_columns(spaced(NAMES, 0, 0, 2 * PITCH), TEXT, UNIT, ())


def test_two_lists_of_different_pitch_are_columns_and_labels_with_values_are_not() -> None:
    assert are_columns(spaced(NAMES, 0, 7, 31), spaced(NAMES, 400, 0, 43), UNIT, ())
    assert not are_columns(column(NAMES), column(NAMES, 400), UNIT, ())


def test_a_date_beside_an_address() -> None:
    assert are_columns(column(NAMES), [line("Hull, 3 May 2024", 600, 12)], UNIT, ())
    assert not are_columns(column(NAMES), [line("Hull, 3 May 2024", 600, PITCH)], UNIT, ())


def test_what_the_layout_model_takes_for_two_texts_are_columns_and_one_table_is_none() -> None:
    left, right = column(NAMES), column(NAMES, 400)
    assert are_columns(left, right, UNIT, (around(left), around(right)))
    assert not are_columns(left, right, UNIT, (around(left),))
    cells = column(["A cell of three lines", "goes on like this", "and ends here."])
    beside = column(["Another cell of three", "goes on like that", "and ends there."], 400)
    assert not are_columns(cells, beside, UNIT, (around([*cells, *beside], "table"),))
    assert are_columns(cells, beside, UNIT, (around([*cells, *beside], "table", 0.6),))
    # Columns with rules between them look like a table to the model.
    text = column(prose("left", 10))
    assert are_columns(text, TEXT, UNIT, (around([*text, *TEXT], "table"),))


def test_heads_in_the_margin_stand_beside_first_lines() -> None:
    heads = [line("Scope", 0, 0), line("Loading", 0, 5 * PITCH)]
    text = [*column([words.capitalize() for words in prose("text", 1)], 400), *TEXT[1:5]]
    text += [line(f"P{piece.text[1:]}" if piece is TEXT[5] else piece.text, 400, piece.box.top) for piece in TEXT[5:]]
    assert has_margin_heads(heads, text, UNIT, ())
    assert not has_margin_heads(heads, TEXT, UNIT, ())
    assert not has_margin_heads([line("1", 0, 0), line("2", 0, 5 * PITCH)], text, UNIT, ())
    assert not has_margin_heads(column(NAMES), column(NAMES, 400), UNIT, ())


def test_two_columns_of_unequal_length_are_running_text() -> None:
    assert is_running_text([*column(prose("one", 12)), *column(prose("two", 5), 400)], UNIT)
    assert not is_running_text(column(["12", "7", "1,204", "88"]), UNIT)
