from ocr_app.engine.cpu.layout.repetition import RowText, repeated, row_texts
from ocr_app.engine.cpu.layout.rows import rows
from ocr_app.engine.cpu.layout.types import Line
from tests.engine.cpu.layout.lines import column, line, prose

HEIGHT = 1000.0


def page(name: str, *extra: Line) -> tuple[RowText, ...]:
    # Pages of a text share no lines; prose() tells them apart by their names.
    return row_texts(rows([*column(prose(name, 10), 0, 200), *extra]), HEIGHT)


def found(text: str, *before: str, y: float = 40) -> bool:
    earlier = [page(f"page {chr(97 + index)}", line(each, 0, 40)) for index, each in enumerate(before)]
    rows_of_page = page("this", line(text, 0, y))
    indices = repeated(rows_of_page, earlier)
    assert indices <= {0}
    return indices == {0}


def test_the_same_words_in_the_same_place() -> None:
    assert found("The Old Canal", "The old canal.")
    assert found("The Old Canal", "The Old Canal", "Sources")
    assert not found("The Old Canal", "The Old Locks")
    assert not found("The Old Canal", "The Old Canal", y=140)
    assert not found("The Old Canal")


def test_a_number_at_an_end_may_grow() -> None:
    assert found("The Old Canal 13", "The Old Canal 12")
    assert found("18 The Old Canal", "12 The Old Canal")
    assert not found("The Old Canal 12", "The Old Canal 13")
    assert not found("In 1793 the canal", "In 1791 the canal")
    assert not found("12 of 30", "11 of 29")


def test_a_lone_number_grows_by_one_a_page() -> None:
    assert found("13", "12")
    assert found("14", "12", "x")
    assert not found("450", "753")
    assert not found("14", "12")
    assert not found("450", "450")


def test_forms_of_one_kind_have_no_running_heads() -> None:
    labels = ["Surname", "First name", "Street", "Town", "Car", "Plate", "Zone", "Phone"]
    forms = [
        row_texts(rows([line("Application for a permit", 0, 40), *column(labels, 0, 200)]), HEIGHT) for _ in range(2)
    ]
    assert repeated(forms[0], forms[1:]) == set()
