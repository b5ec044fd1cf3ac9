import pytest

from ocr_app.engine.cpu.layout.columns import in_columns
from ocr_app.engine.cpu.layout.in_step import are_addresses, are_contents
from ocr_app.engine.cpu.layout.types import Line
from tests.engine.cpu.layout.lines import PITCH, UNIT, column, line

BILL_TO = ["Bill to", "Tomas Haldane", "Harrowgate Textiles", "41 Kings Parade"]
SHIP_TO = ["Ship to", "Ann Colquhoun", "Oakhurst Logistics", "121 Orchard Close"]


@pytest.mark.parametrize("town", ["14564 Malmö", "D-28195 Bremen", "Springfield, IL 62704", "Leeds LS1 4AP"])
def test_addresses_end_with_their_towns(town: str) -> None:
    left, right = column([*BILL_TO, town]), column([*SHIP_TO, "83630 Trondheim"], 330)
    assert are_addresses(left, right)
    assert are_addresses(left, column([*SHIP_TO, "83630 Trondheim", "Norway"], 330))


@pytest.mark.parametrize(
    "texts",
    [SHIP_TO, ["83630 Trondheim", *SHIP_TO], ["14564 Oslo", "83630 Bergen", "12345 Rome"], ["1", "2", "12,345"]],
)
def test_other_lists_are_no_addresses(texts: list[str]) -> None:
    assert not are_addresses(column([*BILL_TO, "14564 Malmö"]), column(texts, 330))


def test_addresses_side_by_side_are_read_one_after_the_other() -> None:
    left, right = column([*BILL_TO, "14564 Malmö"]), column([*SHIP_TO, "83630 Trondheim"], 330)
    assert in_columns([piece for pair in zip(left, right, strict=True) for piece in pair], UNIT) == [left, right]


def contents(name: str, pages: list[int], x: float) -> list[Line]:
    titles = column([f"{name} {chr(97 + n)} of the harbour" for n in range(len(pages))], x)
    return titles + [line(str(page), x + 300, PITCH * n) for n, page in enumerate(pages)]


def test_contents_side_by_side_are_read_one_after_the_other() -> None:
    left, right = contents("Figure", [9, 12, 40, 41, 77], 0), contents("Table", [3, 10, 11, 90, 95], 400)
    assert are_contents(left, right)
    parts = in_columns([*left, *right], UNIT)
    assert [set(map(id, part)) for part in parts] == [set(map(id, left)), set(map(id, right))]


def test_counts_that_do_not_grow_are_cells() -> None:
    left, right = contents("Plums", [9, 12, 40, 41, 77], 0), contents("Pears", [3, 10, 9, 90, 95], 400)
    assert not are_contents(left, right)
    assert len(in_columns([*left, *right], UNIT)) == 1
