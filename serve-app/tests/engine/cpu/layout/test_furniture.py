import dataclasses
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.engine.cpu.layout.furniture import Parts, parts
from ocr_app.engine.cpu.layout.markdown import to_plain_text
from ocr_app.engine.cpu.layout.page import all_blocks, blocks
from ocr_app.engine.cpu.layout.types import Box, Line
from tests.engine.cpu.layout.lines import column, line, prose

WIDTH, HEIGHT = 500.0, 1000.0
BODY = column(prose("body", 30), 60, 110)
EDGES = (Box(0, 0, WIDTH, 100), Box(0, 880, WIDTH, HEIGHT))
"""What a model says that takes whatever stands at an edge for a head or foot."""


def sideways(text: str, x: float, y: float = 300, length: float = 300) -> Line:
    return dataclasses.replace(line(text, x, y, height=length, width=20), vertical=True)


def left_out(*extra: Line, body: list[Line] = BODY, heads: tuple[Box, ...] = ()) -> list[tuple[str, str]]:
    """Return kind and text of what is left out of a page that has a body."""
    found = parts([*extra, *body], WIDTH, HEIGHT, heads=heads)
    assert all(any(piece is other for other in found.body) for piece in body)
    return [(piece.kind, piece.text) for piece in found.furniture]


# Page numbers.


@pytest.mark.parametrize("number", ["12", "xiv", "- 12 -", "Page 3 of 10", "p. 7", "A-12", "3/10", "第 3 页"])
@pytest.mark.parametrize("place", ["left", "middle", "right"])
def test_page_numbers_below(number: str, place: str) -> None:
    width = 10 * len(number)
    x = {"left": 60, "middle": 210 - width / 2, "right": 360 - width}[place]
    assert left_out(line(number, x, 900)) == [("page_number", number)]


def test_page_numbers_above_say_what_they_are_or_stand_at_the_right() -> None:
    assert left_out(line("12", 340, 60)) == [("page_number", "12")]
    assert left_out(line("Page 12", 60, 60)) == [("page_number", "Page 12")]
    # In the middle, and before a heading, stand the numbers of chapters.
    assert left_out(line("12", 200, 60)) == []
    assert left_out(line("4", 60, 60)) == []


@pytest.mark.parametrize(
    "number", ["2025", "4711", "12.50", "€12", "450,00", "71930284", "12)", "4.", "x", "XIV", "AB-447", "12/3", "0"]
)
def test_numbers_that_are_no_page_numbers(number: str) -> None:
    for heads in ((), EDGES):
        if number != "4711" or not heads:
            assert left_out(line(number, 200, 900), heads=heads) == []


def test_a_number_of_four_digits_needs_a_model() -> None:
    assert left_out(line("1453", 200, 900), heads=EDGES) == [("page_number", "1453")]


@pytest.mark.parametrize("x", [60, 200, 330])
def test_a_number_below_others_is_a_sum(x: float) -> None:
    amounts = column(["120", "95", "140"], x, 700)
    body = [*column(prose("body", 20), 60, 110), *amounts]
    for heads in ((), EDGES):
        assert left_out(line("355", x, 900), body=body, heads=heads) == []


def test_a_number_below_a_label_is_its_answer() -> None:
    form = column(["Surname", "Okafor", "First name", "Ngozi", "Street", "Canal Walk", "Town", "Children"], 60, 660)
    assert left_out(line("3", 60, 890), body=form, heads=EDGES) == []
    assert left_out(line("3", 60, 930), body=form, heads=EDGES) == [("page_number", "3")]


def test_a_number_below_a_question_is_its_answer() -> None:
    body = [*column(prose("body", 20), 60, 110), line("How many guests will come?", 60, 840)]
    for heads in ((), EDGES):
        assert left_out(line("12", 200, 900), body=body, heads=heads) == []


def test_a_bare_number_is_no_page_number_on_a_page_without_running_text() -> None:
    form = column(["Surname", "Okafor", "First name", "Ngozi", "Street", "Canal Walk", "Town", "Leeds"], 60, 110)
    assert left_out(line("12", 200, 900), body=form) == []
    assert left_out(line("Page 2 of 3", 200, 900), body=form) == [("page_number", "Page 2 of 3")]


def test_the_last_row_of_a_page_that_was_cut_from_a_sheet() -> None:
    body = [*column(prose("body", 12), 60, 110), line("The last sentence of it all.", 60, 398)]
    assert left_out(line("62", 200, 460), body=body) == [("page_number", "62")]
    # It may be what the text is about to say.
    assert left_out(line("62", 200, 460), body=column(prose("body", 13), 60, 110)) == []


# Running heads and feet.


def test_a_running_head_with_its_page_number() -> None:
    assert left_out(line("Advocacy in Action", 60, 70), line("447", 330, 70)) == [("head", "Advocacy in Action 447")]
    assert left_out(line("12", 60, 900), line("The Old Canal", 230, 900)) == [("foot", "12 The Old Canal")]
    assert left_out(line("Annual Report | Page 12", 60, 900)) == [("foot", "Annual Report | Page 12")]


def test_a_head_of_three_pieces_near_the_text() -> None:
    # British Husbandry, 1834: the head is only half a line farther from the text than its lines are from each other.
    head = (line("400", 60, 74), line("BRITISH HUSBANDRY.", 175, 74), line("[Ch. XIX.", 360, 74))
    body = column([text + "xxxxxxxxx" for text in prose("body", 30)], 60, 110)
    assert left_out(*head, body=body) == [("head", "400 BRITISH HUSBANDRY. [Ch. XIX.")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Total", "12"),
        ("Sum", "753"),
        ("Invoice number", "471"),
        ("Kundennummer", "471"),
        ("Room", "101"),
        ("Serves", "4"),
        ("Guests", "12"),
        ("Question 3", "12"),
        ("Number of guests", "12"),
        ("Score", "17"),
        ("end of a sentence", "12"),
        ("The second winter.", "12"),
        ("Annual Report", "4711"),
        ("Annual Report", "2025"),
    ],
)
def test_words_with_a_number_that_are_no_running_head(text: str, number: str) -> None:
    for y in (70, 900):
        assert left_out(line(text, 60, y), line(number, 360 - 10 * len(number), y)) == []


def test_the_number_of_a_heading_stands_beside_it() -> None:
    assert left_out(line("4", 60, 70), line("The second winter", 110, 70)) == []


def test_marks_on_an_axis_are_no_running_foot() -> None:
    marks = [line(text, x, 900) for text, x in (("2", 60), ("4", 150), ("6", 240), ("Days of rain", 300))]
    assert left_out(*marks) == []


def test_a_slide_has_no_running_foot() -> None:
    points = [line(f"{name} fell in the spring of it", 60, 110 + 60 * i) for i, name in enumerate("ABCDEFGHI")]
    assert left_out(line("Jane Roe, Treasury", 60, 900), line("4", 350, 900), body=points) == []


def test_a_list_of_prices_has_no_running_foot() -> None:
    prices = [line(f"{name} with bread and butter", 60, 110 + 60 * i) for i, name in enumerate("ABCDEFGHI")]
    numbers = [line(str(7 + i), 340, 110 + 60 * i) for i in range(9)]
    assert left_out(line("Bread alone", 60, 900), line("24", 340, 900), body=[*prices, *numbers]) == []


def test_an_imprint_above_a_running_head() -> None:
    imprint = "Downloaded from http://example.org/"
    extra = (line(imprint, 60, 20), line("The Journal", 60, 60), line("12", 340, 60))
    assert left_out(*extra) == [("head", imprint), ("head", "The Journal 12")]
    assert left_out(line("Halden Supplies", 60, 20), *extra[1:]) == [("head", "The Journal 12")]
    assert left_out(line(imprint, 60, 20)) == [("head", imprint)]
    letter = [line("Dear Ms Thornbury,", 60, 110), *column(prose("body", 20), 60, 140)]
    assert left_out(line(imprint, 60, 20), body=letter) == []


def test_a_running_head_with_a_page_number_may_stand_near_the_text() -> None:
    near = (line("400", 60, 86), line("BRITISH HUSBANDRY.", 190, 86))
    assert left_out(*near) == [("head", "400 BRITISH HUSBANDRY.")]
    assert left_out(near[1]) == []


@pytest.mark.parametrize("text", ["CHAPTER 4 · DERIVATIVES", "Annual Report 2023"])
def test_a_model_names_running_heads(text: str) -> None:
    for y, kind in ((40, "head"), (900, "foot")):
        assert left_out(line(text, 60, y)) == []
        assert left_out(line(text, 60, y), heads=EDGES) == [(kind, text)]


@pytest.mark.parametrize("text", ["J. Smith et al.", "arXiv:2301.1v1 [cs.CL] 3 May 2023", "© 2023"])
def test_an_imprint_needs_no_model(text: str) -> None:
    for y, kind in ((40, "head"), (900, "foot")):
        assert left_out(line(text, 60, y)) == [(kind, text)]


@pytest.mark.parametrize(
    "text",
    [
        "Reference AB-4471",
        "before the frost came back for good.",
        "12 May 2025",
        "Total due 450",
        "Sort code 20-44-19",
        "info@halden.example",
        "Signed: N. Okafor",
        "4 The second winter",
    ],
)
def test_a_model_is_not_believed_about_content(text: str) -> None:
    for y in (40, 900):
        assert left_out(line(text, 60, y), heads=EDGES) == []


def test_a_model_is_believed_more_where_there_is_a_page_number() -> None:
    assert left_out(line("The Old Canal", 60, 40), heads=EDGES) == [("head", "The Old Canal")]
    assert left_out(line("The Old Canal", 60, 900), heads=EDGES) == []
    number = line("12", 200, 900)
    assert left_out(line("The Old Canal", 60, 40), number, heads=EDGES) == [
        ("head", "The Old Canal"),
        ("page_number", "12"),
    ]
    assert left_out(line("The third winter", 60, 860), number, heads=EDGES) == [("page_number", "12")]


def test_a_model_is_not_believed_about_signatures_titles_senders_headings_and_text_that_goes_on() -> None:
    form = column(["Surname", "Okafor", "First name", "Ngozi", "Street", "Canal Walk", "Town", "Leeds"], 60, 110)
    letter = [line("Dear Ms Thornbury,", 60, 110), *column(prose("body", 20), 60, 140)]
    assert left_out(line("Colin Marlow", 60, 900), heads=EDGES) == []
    assert left_out(line("Application for a permit", 60, 40), body=form, heads=EDGES) == []
    assert left_out(line("Halden Garden Supplies", 60, 40), body=letter, heads=EDGES) == []
    assert left_out(line("www.halden.example", 60, 900), body=letter, heads=EDGES) == []
    assert left_out(line("A Large Title", 60, 30, height=40), heads=EDGES) == []
    assert left_out(line("First line of the page as the rest", 60, 86), heads=EDGES) == []


def test_what_earlier_pages_repeat() -> None:
    def page(name: str, *extra: Line) -> list[Line]:
        return [*extra, *column(prose(name, 30), 60, 110)]

    first = parts(page("one", line("The Old Canal", 60, 40), line("Reference AB-4471", 60, 900)), WIDTH, HEIGHT)
    assert first.furniture == ()
    second = page("two", line("The Old Canal", 60, 40), line("Reference AB-4471", 60, 900))
    found = parts(second, WIDTH, HEIGHT, earlier=[first.rows])
    assert [(piece.kind, piece.text) for piece in found.furniture] == [("head", "The Old Canal")]


# Margins.


def test_text_along_the_margins_of_an_upright_page() -> None:
    outside, inside = sideways("arXiv:2301.00001v1", 10), sideways("axis", 200)
    assert left_out(outside, inside) == [("margin", outside.text)]
    assert left_out(sideways("by guest on 14 March", 470)) == [("margin", "by guest on 14 March")]
    assert left_out(sideways("Depth in metres", 35)) == []
    # A table's heads may run upwards, and so may all of a page.
    table = [piece for y in range(8) for piece in (line("North", 60, 110 + 40 * y), line("12", 200, 110 + 40 * y))]
    assert left_out(outside, body=table) == []
    assert left_out(*(sideways("x" * 60, 2 + 5 * i) for i in range(8))) == []


# What must never be lost. Boxes are those of real pages.


def scaled(rows: Sequence[tuple[float, Sequence[tuple[float, str]]]], height: float) -> list[Line]:
    """Pieces by (y, [(x, text), …]), 16 pixels a character."""
    return [line(text, x, y, height=height, width=16 * len(text)) for y, pieces in rows for x, text in pieces]


INVOICE = scaled(
    [
        (63, [(132, "Invoice number"), (1031, "4711")]),
        (151, [(132, "Halden Garden Supplies")]),
        (189, [(133, "Mill Road 8")]),
        (223, [(132, "Oxford")]),
        (323, [(132, "Item"), (593, "Qty"), (793, "Price"), (974, "Amount")]),
        (366, [(132, "Spade"), (593, "2"), (793, "15"), (974, "30")]),
        (410, [(133, "Watering can"), (593, "1"), (793, "25"), (974, "25")]),
        (455, [(134, "Fence post"), (593, "20"), (793, "12"), (974, "240")]),
        (498, [(135, "Gravel, bag"), (593, "31"), (793, "5"), (974, "155")]),
        (602, [(136, "Total due"), (981, "450")]),
    ],
    31,
)
TEXT = [
    "The old canal was dug by hand in the autumn of 1793 and carried",
    "hills to the harbour. Boats were drawn by horses which walked",
    "path. In dry summers the water sank so low that loads had to be",
    "traders complained in every paper. A second reservoir was built",
    "by a toll on salt. It filled slowly and leaked for years before",
    "railway came the toll was dropped, yet the boats never returned.",
]
CASES: dict[str, tuple[list[Line], float]] = {
    "invoice": (INVOICE, 1000),
    "reference on top": (
        scaled(
            [(111, [(139, "Reference AB-4471")]), *[(241 + 36 * i, [(137, text)]) for i, text in enumerate(TEXT * 2)]],
            29,
        ),
        1754,
    ),
    "end of a paragraph on top": (
        scaled(
            [
                (110, [(137, "before the frost came back for good.")]),
                (202, [(136, "4 The second winter")]),
                *[(260 + 36 * i, [(137, text)]) for i, text in enumerate(TEXT)],
            ],
            30,
        ),
        1754,
    ),
    "letter": (
        scaled(
            [
                (120, [(136, "Marlow & Fitch Joinery")]),
                (156, [(137, "14 Tannery Lane")]),
                (191, [(138, "Bristol BS1 6XN")]),
                (331, [(137, "Ms Ada Thornbury")]),
                (501, [(137, "12 May 2025")]),
                (581, [(137, "Dear Ms Thornbury,")]),
                *[(635 + 36 * i, [(137, text)]) for i, text in enumerate(TEXT)],
                (861, [(137, "Yours sincerely,")]),
                (975, [(137, "Colin Marlow")]),
                (1010, [(136, "Director")]),
                (1641, [(137, "Sort code 20-44-19, account 71930284, VAT GB 884 2210 31")]),
            ],
            30,
        ),
        1754,
    ),
    "form": (
        scaled(
            [
                (70, [(137, "Application for a parking permit")]),
                (191, [(137, "Surname:"), (400, "Okafor")]),
                (251, [(136, "First name:"), (400, "Ngozi")]),
                (309, [(135, "Street:"), (400, "Canal Walk 5")]),
                (370, [(135, "Town:"), (400, "Leeds")]),
                (549, [(133, "Zone:"), (400, "C")]),
                (608, [(133, "From:"), (400, "1 June 2025")]),
                (1290, [(138, "Signed: N. Okafor, Leeds, 20 May 2025")]),
            ],
            31,
        ),
        1400,
    ),
    "contents": (
        scaled(
            [
                (63, [(97, "Contents")]),
                (160, [(96, "1 Introduction"), (860, "3")]),
                (217, [(97, "2 Materials"), (860, "9")]),
                (328, [(96, "2.2 Metal"), (860, "18")]),
                (383, [(95, "3 Tools"), (860, "24")]),
                (494, [(93, "5 Safety"), (860, "52")]),
                (820, [(95, "Index"), (860, "60")]),
            ],
            32,
        ),
        900,
    ),
    "sum": (
        scaled(
            [
                (68, [(136, "Quarterly figures")]),
                (168, [(134, "North"), (700, "120")]),
                (219, [(135, "South"), (700, "95")]),
                (270, [(134, "East"), (700, "140")]),
                (319, [(133, "West"), (700, "88")]),
                (370, [(135, "Export"), (700, "310")]),
                (469, [(134, "Sum"), (700, "753")]),
            ],
            33,
        ),
        530,
    ),
}


@pytest.mark.parametrize("model", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_pages_that_have_no_furniture(case: str, model: bool) -> None:
    lines, height = CASES[case]
    heads = (Box(0, 0, 1240, 0.13 * height), Box(0, 0.8 * height, 1240, height)) if model else ()
    found = parts(lines, 1240, height, heads=heads)
    assert found.furniture == ()
    assert list(found.body) == lines


def test_a_short_page_has_no_furniture() -> None:
    short = column(prose("body", 3), 60, 400)
    assert left_out(line("Receipt", 60, 20), line("Page 12", 60, 950), body=short, heads=EDGES) == []


# Every line is somewhere.


@st.composite
def pages(draw: st.DrawFn) -> list[Line]:
    """Lines of unique words at any place, some of them alike in what furniture is made of."""
    shape = st.tuples(
        st.sampled_from(
            ["{} and some more words here", "{}", "Page {}", "Total {}", "{} ©", "Chapter {}", "{}.", "{}:"]
        ),
        st.integers(0, 9) | st.sampled_from([0, 36]),
        st.integers(0, 40),
        st.booleans(),
        st.booleans(),
    )
    lines = []
    for index, (form, x, y, number, side) in enumerate(draw(st.lists(shape, max_size=30))):
        text = form.format(100 + index if number else f"w{'abcdefghij'[index // 10]}{'abcdefghij'[index % 10]}z")
        lines.append(sideways(text, 12 * x, 24 * y, 200) if side and not index % 5 else line(text, 12 * x, 24 * y))
    return lines


def words(text: str) -> list[str]:
    return "".join(character if character.isalnum() else " " for character in text).split()


def check_nothing_lost(lines: list[Line], found: Parts) -> None:
    wanted = sorted(word for piece in lines for word in words(piece.text))
    apart = sorted(word for piece in found.body for word in words(piece.text))
    apart += [word for piece in found.furniture for word in words(piece.text)]
    assert sorted(apart) == wanted
    dropped = " ".join(
        [to_plain_text(block) for block in blocks(found.body, WIDTH, HEIGHT)]
        + [piece.text for piece in found.furniture]
    )
    kept = " ".join(to_plain_text(block) for block in all_blocks(found, WIDTH, HEIGHT))
    # A table may repeat a head over several columns.
    assert set(words(dropped)) == set(words(kept)) == set(wanted)


@given(pages(), st.booleans())
def test_every_word_comes_out_as_text_or_as_furniture(lines: list[Line], model: bool) -> None:
    heads = EDGES if model else ()
    found = parts(lines, WIDTH, HEIGHT, heads=heads)
    assert bool(found.body) == bool(lines)
    check_nothing_lost(lines, found)
    check_nothing_lost(lines, parts(lines, WIDTH, HEIGHT, heads=heads, earlier=[found.rows]))


@given(pages())
def test_every_word_of_a_page_with_text_comes_out(lines: list[Line]) -> None:
    page = [*lines, *column(prose("body", 20), 60, 200)]
    found = parts(page, WIDTH, HEIGHT, heads=EDGES)
    check_nothing_lost(page, found)


def test_sideways_text_that_may_be_content_is_in_no_row() -> None:
    labels = ["North", "South", "East", "West"]
    found = parts([sideways("Region", 10, 100, 100), *column(labels, 60, 110)], WIDTH, HEIGHT)
    assert found.furniture == ()
    assert [to_plain_text(block) for block in blocks(found.body, WIDTH, HEIGHT)] == ["\n".join(labels), "Region"]


def test_furniture_that_is_kept_stands_where_it_was_and_in_no_paragraph() -> None:
    head = (line("The Old Canal", 60, 70), line("12", 340, 70))
    side = sideways("by guest", 470)
    found = parts([side, line("- 12 -", 180, 850), *BODY, *head], WIDTH, HEIGHT)
    texts = [to_plain_text(block) for block in all_blocks(found, WIDTH, HEIGHT)]
    body = [to_plain_text(block) for block in blocks(BODY, WIDTH, HEIGHT)]
    assert texts == ["The Old Canal 12", *body, "- 12 -", "by guest"]


COVER = [
    line("Example University", 60, 180),
    line("Rights in Publishing", 60, 260),
    line("Prins, J.", 60, 300),
    line("Published in:", 60, 340),
    line("A Conference on Law", 60, 364),
    line("Publication date:", 60, 420),
    line("2002", 60, 444),
    line("General rights", 60, 700),
]


def test_the_publishers_name_over_the_cover_of_a_copy_that_says_it_again() -> None:
    name, foot = line("EXAMPLE UNIVERSITY", 150, 40), line("Download date: 15. Sep. 2023", 60, 940)
    assert left_out(name, foot, body=COVER, heads=EDGES) == [("head", name.text), ("foot", foot.text)]
    # Said only once, without a model, or over a form or an invoice, it is a title.
    assert left_out(name, foot, body=COVER[1:], heads=EDGES) == [("foot", foot.text)]
    assert left_out(name, foot, body=COVER) == []
    other = line("Page 1 of 2", 60, 940)
    assert left_out(name, other, body=COVER, heads=EDGES) == [("page_number", "Page 1 of 2")]


def test_the_number_of_a_slide() -> None:
    slide = [*column(prose("slide", 8), 60, 60), line("Company", 60, 460)]
    found = parts([*slide, line("7", 970, 464)], HEIGHT, WIDTH)
    assert [(piece.kind, piece.text) for piece in found.foot] == [("page_number", "7")]
    assert len(found.body) == len(slide)


def test_a_menu_is_no_running_head_whatever_a_model_says() -> None:
    def menu(count: int) -> list[Line]:
        return [line(word, 60 + 90 * n, 40) for n, word in enumerate(["Home", "News", "Sport", "Archive"][:count])]

    assert left_out(*menu(4), heads=EDGES) == []
    assert left_out(*menu(3), heads=EDGES) == [("head", "Home News Sport")]


def test_a_models_box_may_be_as_tight_as_the_letters() -> None:
    number = line("12", 200, 900)
    contents = [
        piece for n in range(12) for piece in (line(f"Chapter {n}", 60, 110 + 40 * n), line("7", 380, 110 + 40 * n))
    ]
    tight, other = Box(204, 905, 216, 915), Box(204, 905, 208, 915)
    assert left_out(number, body=contents, heads=(tight,)) == [("page_number", "12")]
    assert left_out(number, body=contents, heads=(other,)) == []


def test_a_roman_number_far_below_a_page_of_any_kind_is_no_sum() -> None:
    contents = [
        piece for n in range(12) for piece in (line(f"Chapter {n}", 60, 110 + 40 * n), line("7", 380, 110 + 40 * n))
    ]
    assert left_out(line("vii", 205, 900), body=contents) == [("page_number", "vii")]
    assert left_out(line("v", 215, 900), body=contents) == []
    assert left_out(line("xii", 205, 600), body=contents) == []
    assert left_out(line("7", 215, 900), body=contents) == []
