import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.engine.cpu.layout.addresses import are_addresses, ends_an_address
from ocr_app.engine.cpu.layout.columns import in_columns
from tests.engine.cpu.layout.lines import UNIT, column, line

BILL_TO = ["Bill to", "Tomas Haldane", "Harrowgate Textiles", "41 Kings Parade"]
SHIP_TO = ["Ship to", "Ann Colquhoun", "Oakhurst Logistics", "121 Orchard Close"]
ENDS = [
    "14564 Malmö",
    "D-28195 Bremen",
    "1010 Wien",
    "Springfield, IL 62704",
    "Leeds LS1 4AP",
    "Aberdeen, 20 April 2019",
    "office@example.org",
    "+44 1632 960393",
    "Tel. +49 30 123456",
]


@pytest.mark.parametrize("text", ENDS)
def test_lines_that_end_an_address(text: str) -> None:
    assert ends_an_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "1984 was the year that it began",
        "The total number of people was 12345",
        "on 20 April 2019",
        "write to office@example.org",
        "41 Kings Parade",
        "12345",
        "1,234.50",
        "Kettering",
    ],
)
def test_other_lines_end_none(text: str) -> None:
    assert not ends_an_address(text)


@pytest.mark.parametrize("end", ENDS)
def test_two_sides_that_end_so_are_addresses(end: str) -> None:
    left, right = column([*BILL_TO, end]), column([*SHIP_TO, "83630 Trondheim"], 330)
    assert are_addresses(left, right)
    assert are_addresses(left, column([*SHIP_TO, "83630 Trondheim", "Norway"], 330))
    assert are_addresses(left, column(["60 Kings Parade", "88654 Lille", "+44 1632 960393"], 330))


@pytest.mark.parametrize(
    "texts",
    [
        SHIP_TO,
        ["83630 Trondheim", *SHIP_TO],
        ["Town", "14564 Oslo", "83630 Bergen", "12345 Rome"],
        ["E-mail", "ann@example.org", "bob@example.org"],
        ["1", "2", "12,345"],
        ["Town", "14564 Malmö"],
    ],
)
def test_other_lists_are_no_addresses(texts: list[str]) -> None:
    assert not are_addresses(column([*BILL_TO, "14564 Malmö"]), column(texts, 330))


def test_a_town_in_a_row_of_several_pieces_ends_no_address() -> None:
    row = [line("14564 Malmö", 330, 96), line("Sweden", 500, 96)]
    assert not are_addresses(column([*BILL_TO, "14564 Malmö"]), [*column(SHIP_TO, 330), *row])


def test_addresses_side_by_side_are_read_one_after_the_other() -> None:
    left, right = column([*BILL_TO, "14564 Malmö"]), column([*SHIP_TO, "83630 Trondheim"], 330)
    assert in_columns([piece for pair in zip(left, right, strict=True) for piece in pair], UNIT) == [left, right]


@given(st.lists(st.sampled_from([*ENDS, *SHIP_TO])), st.lists(st.sampled_from([*ENDS, *SHIP_TO])))
def test_any_lines_can_be_asked(left: list[str], right: list[str]) -> None:
    assert are_addresses(column(left), column(right, 330)) in (True, False)
