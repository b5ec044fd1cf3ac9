from ocr_app.engine.cpu.layout.margin_heads import with_their_texts
from tests.engine.cpu.layout.lines import PITCH, column, line, prose


def test_each_head_comes_before_its_text() -> None:
    texts = column(prose("text", 9), 300)
    heads = [line("Scope", 0, 0), line("Loading", 0, 5 * PITCH)]
    parts = [[piece.text for piece in part] for part in with_their_texts(heads, texts)]
    names = [piece.text for piece in texts]
    assert parts == [["Scope"], names[:5], ["Loading"], names[5:]]


def test_a_head_of_two_lines_is_one_and_text_before_the_first_head_stays_first() -> None:
    texts = column(prose("text", 8), 300)
    heads = [line("2018 - 2024", 0, 2 * PITCH), line("Malmo", 0, 3 * PITCH)]
    parts = [[piece.text for piece in part] for part in with_their_texts(heads, texts)]
    names = [piece.text for piece in texts]
    assert parts == [names[:2], ["2018 - 2024", "Malmo"], names[2:]]
