from ocr_app.engine.cpu.layout.columns import in_columns
from ocr_app.engine.cpu.layout.contents import are_contents
from ocr_app.engine.cpu.layout.types import Line
from tests.engine.cpu.layout.lines import PITCH, UNIT, column, line


def contents(name: str, pages: list[int], x: float) -> list[Line]:
    titles = column([f"{name} {chr(97 + n)} of the harbour" for n in range(len(pages))], x)
    return titles + [line(str(page), x + 300, PITCH * n) for n, page in enumerate(pages)]


def test_contents_side_by_side_are_read_one_after_the_other() -> None:
    left, right = contents("Figure", [9, 12, 40, 41, 77], 0), contents("Table", [3, 10, 11, 90, 95], 400)
    assert are_contents(left, right)
    parts = in_columns([*left, *right], UNIT)
    assert [set(map(id, part)) for part in parts] == [set(map(id, left)), set(map(id, right))]


def test_a_title_may_be_in_two_pieces() -> None:
    left = contents("Figure", [9, 12, 40, 41, 77], 0)
    right = [*contents("Table", [3, 10, 11, 90, 95], 400), line("!", 680, PITCH)]
    assert are_contents(left, right)


def test_counts_that_do_not_grow_are_cells() -> None:
    left, right = contents("Plums", [9, 12, 40, 41, 77], 0), contents("Pears", [3, 10, 9, 90, 95], 400)
    assert not are_contents(left, right)
    assert len(in_columns([*left, *right], UNIT)) == 1
