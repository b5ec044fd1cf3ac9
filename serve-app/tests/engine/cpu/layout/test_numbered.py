import pytest

from ocr_app.engine.cpu.layout.columns import in_columns
from ocr_app.engine.cpu.layout.numbered import in_cards
from ocr_app.engine.cpu.layout.types import Line
from tests.engine.cpu.layout.lines import PITCH, UNIT, column, line, prose

SECOND = 250.0


def heads(*rows: str) -> list[Line]:
    """Lines whose texts are parted by `|`, each row 250 lower."""
    return [
        line(text, 330 * n, SECOND * y) for y, row in enumerate(rows) for n, text in enumerate(row.split("|")) if text
    ]


def read(lines: list[Line]) -> list[list[str]]:
    return [[piece.text for piece in part] for part in in_cards(lines, UNIT)]


@pytest.mark.parametrize(
    "rows",
    [
        ("1. Identity|2. Theorem", "3. Calculus|4. Fields"),
        ("1) One|2) Two|3) Three", "4) Four"),
        ("5. Five|6. Six", "7. Seven|8. Eight", "9. Nine"),
    ],
)
def test_numbers_that_go_across_make_cards(rows: tuple[str, ...]) -> None:
    assert read(heads(*rows)[::-1]) == [[text] for row in rows for text in row.split("|")]


@pytest.mark.parametrize(
    "rows",
    [
        ("1. Identity|3. Theorem", "2. Calculus|4. Fields"),
        ("1. Identity|2. Theorem",),
        ("1. Identity", "2. Theorem", "3. Calculus"),
        ("1. Identity|2. Theorem", "|3. Calculus"),
        ("1. Identity|2. Theorem", "4. Calculus|5. Fields"),
        ("1.5 kg|2.5 kg", "3.5 kg|4.5 kg"),
    ],
)
def test_other_numbers_do_not(rows: tuple[str, ...]) -> None:
    assert read(heads(*rows)) == []


def test_cards_are_read_whole_with_what_is_above_and_below_them() -> None:
    title, end = line("T" * 60, 0, -2 * PITCH), column(["E" * 60, "its last line"], 0, 2 * SECOND)
    cards = [
        [head, *column(prose(f"text{index}", 5), head.box.left, head.box.top + PITCH)]
        for index, head in enumerate(heads("1. Identity|2. Theorem", "3. Calculus|4. Fields"))
    ]
    parts = in_columns([*end, *(piece for card in zip(*cards, strict=True) for piece in card), title], UNIT)
    assert parts == [[title], *cards, end]
