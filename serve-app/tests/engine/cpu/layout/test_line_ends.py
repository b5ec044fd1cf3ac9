"""Lines that end on purpose keep their ends; running text does not."""

import pytest

from ocr_app.engine.cpu.layout.markdown import to_markdown, to_plain_text
from ocr_app.engine.cpu.layout.page import blocks
from ocr_app.engine.cpu.layout.types import Line
from tests.engine.cpu.layout.lines import PITCH, UNIT, column, line, prose

WIDTH, HEIGHT = 800.0, 1000.0
ADDRESS = ["Marlow & Fitch Joinery", "14 Tannery Lane", "Bristol BS1 6XN"]
VERSE = [
    "Grey ropes, a bell, the morning tide,",
    "two gulls that argue on the rail,",
    "a man who keeps his hat inside",
    "his coat, a boy who counts a sail.",
]
WRAPPED = [
    "Thank you for choosing us for the new oak staircase. We have",
    "booked the workshop for the second week of June and expect",
    "Wednesday to Friday for the fitting, weather permitting.",
]


def read(lines: list[Line]) -> list[str]:
    return [to_plain_text(block) for block in blocks(lines, WIDTH, HEIGHT)]


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(ADDRESS, id="an address"),
        pytest.param(["Colin Marlow", "Director"], id="a name and a title, the longer line first"),
        pytest.param(VERSE, id="verse"),
        pytest.param(["Bread", "Butter", "Eggs", "Flour", "Milk"], id="a list of words"),
        pytest.param(["开放时间", "周一至周五", "上午九点"], id="short lines of Chinese"),
    ],
)
def test_lines_that_end_on_purpose_stay_lines(texts: list[str]) -> None:
    assert read(column(texts)) == ["\n".join(texts)]
    # Beside running text too.
    assert read([*column(texts), *column(WRAPPED, y=300)]) == ["\n".join(texts), " ".join(WRAPPED)]


@pytest.mark.parametrize("x", [0, 60])
def test_running_text_is_joined_where_it_wraps(x: float) -> None:
    assert read(column(WRAPPED, x)) == [" ".join(WRAPPED)]
    # A paragraph that is set in on both sides has its own measure.
    narrow = prose("narrow", 5)
    assert read([*column(WRAPPED, y=200), *column(narrow, 100, 400)]) == [" ".join(WRAPPED), " ".join(narrow)]


def test_a_caption_of_two_lines_is_joined() -> None:
    caption = ["Figure 3. What is left of the mill", "after the fire."]
    assert read([*column(WRAPPED, y=200), *column(caption, 100, 400)]) == [" ".join(WRAPPED), " ".join(caption)]


def test_lines_of_dots_that_lead_to_a_page_stay_lines() -> None:
    contents = ["Timber and where it grows ................ 3", "Metal .................................... 11"]
    assert read([*column(contents), *column(WRAPPED, y=200)]) == ["\n".join(contents), " ".join(WRAPPED)]


def test_a_word_broken_by_a_hyphen_is_whole_in_verse_too() -> None:
    texts = [*VERSE[:3], "his coat, a boy who coun-", "ts a sail."]
    assert read(column(texts)) == ["\n".join([*VERSE[:3], "his coat, a boy who counts a sail."])]


def test_rows_of_pieces_that_stand_apart_stay_rows() -> None:
    # Two of them are too few for a table.
    pieces = [
        line("Weight 1.2 kg"),
        line("Parcel 2 of 3", 400),
        line("Tracking 9400", 0, PITCH),
        line("Paid", 490, PITCH),
    ]
    assert read(pieces) == ["Weight 1.2 kg Parcel 2 of 3\nTracking 9400 Paid"]


def test_centred_lines_have_room_on_both_sides() -> None:
    texts = ["The Mill", "Guests are kindly asked to leave the key", "Thank you"]
    longest = 10 * max(map(len, texts))
    centred = [line(text, 100 + (longest - 10 * len(text)) / 2, PITCH * index) for index, text in enumerate(texts)]
    assert read([*centred, *column(WRAPPED, y=300)]) == ["\n".join(texts), " ".join(WRAPPED)]


def test_a_heading_stays_on_one_line() -> None:
    title = [line("The history of the", 0, 0, height=2 * UNIT), line("Old Canal", 0, 2.4 * UNIT, height=2 * UNIT)]
    (heading, *_) = blocks([*title, *column(WRAPPED, y=300)], WIDTH, HEIGHT)
    assert to_markdown(heading) == "# The history of the Old Canal"


def test_markdown_ends_such_lines_with_two_spaces_within_their_item() -> None:
    (address,) = blocks(column(ADDRESS), WIDTH, HEIGHT)
    assert to_markdown(address) == "  \n".join(ADDRESS)
    item = [line("• Head office"), line("14 Tannery Lane", 20, PITCH), line("Bristol", 20, 2 * PITCH)]
    (entry,) = blocks(item, WIDTH, HEIGHT)
    assert to_markdown(entry) == "- Head office  \n  14 Tannery Lane  \n  Bristol"


def test_a_town_and_a_number_are_lines_of_their_own_even_where_there_is_no_room() -> None:
    # Set to the right, they end where running text does.
    texts = ["60 Kings Parade", "88654 Saint-Malo", "+44 1632 960393"]
    lines = [line(text, WIDTH - 10 * len(text), PITCH * n) for n, text in enumerate(texts)]
    assert read([*lines, *column(WRAPPED, y=300)])[0] == "\n".join(texts)
