import pytest

from ocr_app.engine.cpu.layout.page_kind import is_letter, is_running_text, pitch
from tests.engine.cpu.layout.lines import PITCH, UNIT, column, line, prose


def test_running_text_stands_in_lines_of_several_words() -> None:
    assert is_running_text(column(prose("a", 8)))
    assert is_running_text(column(["他们听取了关于明年工作的报告和计划"] * 8))
    assert not is_running_text(column(["Surname: Okafor", "First name: Ngozi", "Town: Leeds"] * 4))
    assert not is_running_text(column(["Costs fell in the spring", "Sales grew in the summer"] * 6))
    assert not is_running_text(column(["12 14 15 17 20 22 23 25 30 31"] * 8))
    assert not is_running_text(column([*prose("a", 5), *["Spade, 30"] * 30]))


@pytest.mark.parametrize(
    "text", ["Dear Ms Thornbury,", "Sehr geehrter Herr Marlow,", "Yours sincerely", "Kind regards"]
)
def test_letters(text: str) -> None:
    assert is_letter([*column(prose("a", 4)), line(text, 0, 200)])
    assert not is_letter(column(prose("a", 4)))


def test_pitch_is_from_line_to_line_of_a_column() -> None:
    assert pitch([*column(prose("a", 8)), *column(prose("b", 8), 400, PITCH / 2)], UNIT) == PITCH
    assert pitch([line("alone")], UNIT) == 1.2 * UNIT
