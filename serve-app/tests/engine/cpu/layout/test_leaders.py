import pytest

from ocr_app.engine.cpu.layout.leaders import has_leader, without_leaders


def test_contents_lose_the_dots_around_their_pages() -> None:
    assert without_leaders([["1 Timber .", "3"], ["2 Metal", ".11"], ["3 Tools ...", "11"], ["Index.", "60"]]) == [
        ["1 Timber", "3"],
        ["2 Metal", "11"],
        ["3 Tools", "11"],
        ["Index", "60"],
    ]


def test_prices_lose_only_rows_of_dots() -> None:
    menu = [["Tea, pot ..", "2.80"], ["Soup of the day...", "5.50"], ["Bread etc.", ".90"]]
    assert without_leaders(menu) == [["Tea, pot", "2.80"], ["Soup of the day...", "5.50"], ["Bread etc.", ".90"]]


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("Introduction ........ 3", True),
        ("Introduction . . . . . . xii", True),
        ("Name: ______ Date", True),
        ("and so on ... 3 times", False),
        ("It ended.", False),
    ],
)
def test_lines_with_leaders(text: str, leads: bool) -> None:
    assert has_leader(text) is leads
