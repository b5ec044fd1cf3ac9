import pytest

from ocr_app.engine.cpu.layout.page_numbers import before_number, number_kind


@pytest.mark.parametrize(
    "text", ["Page 3", "page 3 of 10", "Seite 7", "p. 4", "- 12 -", "—5—", "| 12 |", "第 3 页", "S. 12"]
)
def test_numbers_that_say_what_they_are(text: str) -> None:
    assert number_kind(text) == "said"


@pytest.mark.parametrize("text", ["1", "12", "447", "3 of 10", "3/10", "iv", "xiv", "xl", "v", "A-12", "3-12"])
def test_bare_numbers(text: str) -> None:
    assert number_kind(text) == "bare"


def test_numbers_of_four_digits_are_a_kind_of_their_own_and_years_are_none() -> None:
    assert number_kind("1453") == number_kind("4711") == "long"
    assert number_kind("1999") is number_kind("2025") is None


@pytest.mark.parametrize(
    "text",
    # Amounts, identifiers, codes, list markers, ticks, words, chapters of a novel.
    [
        "12.50",
        "€12",
        "0",
        "012",
        "12,000",
        "71930284",
        "AB-4471",
        "12)",
        "4.",
        "x",
        "l",
        "mix",
        "I",
        "XIV",
        "12/3",
        "Page",
    ],
)
def test_what_is_no_page_number(text: str) -> None:
    assert number_kind(text) is None


def test_words_before_a_number() -> None:
    assert before_number("Annual Report | Page 12 of 30") == "Annual Report"
    assert before_number("Halden Garden Supplies Page 2") == "Halden Garden Supplies"
    assert before_number("Page 2") is None
    assert before_number("Annual Report 12") is None
