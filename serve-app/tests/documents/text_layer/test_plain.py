import pytest

from ocr_app.documents.text_layer.plain import plain_text
from ocr_app.documents.text_layer.share import share_out, word_counts
from ocr_app.documents.text_layer.tables import table_rows

MARKDOWN = {
    "# Title #1": "Title #1",
    "## **Bold** and *slanted* ***both*** __too__": "Bold and slanted both too",
    "- one\n* two\n+ three\n1. four\n- [x] five": "one\ntwo\nthree\n1. four\nfive",
    "> quoted\n> - item": "quoted\nitem",
    'a [link](https://example.com/a_(b) "title") and <https://example.com/x>': "a link and https://example.com/x",
    "![picture](#xywh=percent:1,2,3,4) after": "after",
    "snake_case_name and 2 * 3 * 4": "snake_case_name and 2 * 3 * 4",
    "1\\. not a list \\*stars\\* a\\_b": "1. not a list *stars* a_b",
    "`code` and ``a ` b``": "code and a ` b",
    "```python\nprint(1)\n```": "print(1)",
    "x<sup>2</sup> H<sub>2</sub>O<br>next<br/>line": "x2 H2O\nnext\nline",
    "<center>Caption</center>": "Caption",
    "a &lt; b &amp; c": "a < b & c",
    "3 < 4 and 5 > 2": "3 < 4 and 5 > 2",
    "\\( x^2 \\) and \\[ y_1 \\]": "x^2 and y_1",
    "~~gone~~ text": "gone text",
    "above\n\n---\n\nbelow": "above\nbelow",
    "price: 5 $ - 10 $": "price: 5 $ - 10 $",
    "line one  \nline two": "line one\nline two",
    "-5 degrees": "-5 degrees",
    "#hashtag": "#hashtag",
}


@pytest.mark.parametrize("markdown", MARKDOWN)
def test_marks_are_removed(markdown: str) -> None:
    assert plain_text(markdown) == MARKDOWN[markdown]


TABLES: dict[str, list[list[str]]] = {
    '<table><tr><td>a</td><td>b &amp; c</td></tr><tr><td colspan="2">d<br>e</td></tr></table>': [
        ["a", "b & c"],
        ["d e"],
    ],
    "<table><thead><tr><th>H</th></tr></thead><tr><td></td></tr><tr><td>x": [["H"], ["x"]],
    "<table><caption>Cap</caption><tr><td>**1**</td></tr></table>": [["Cap"], ["1"]],
    "| a | b |\n|---|:-:|\n| c \\| d | |\n": [["a", "b"], ["c | d"]],
    "no | table": [],
    "no table": [],
    "a <tag> in text": [],
}


@pytest.mark.parametrize("text", TABLES)
def test_cells_of_tables(text: str) -> None:
    assert table_rows(text) == TABLES[text]


@pytest.mark.parametrize(
    ("text", "widths", "expected"),
    [
        ("one two three four", [1, 1], ["one two", "three four"]),
        ("one two three four", [4, 1], ["one two three", "four"]),
        ("a\nb", [5, 1], ["a", "b"]),
        ("a", [1, 5, 1], ["", "a", ""]),
        ("", [1, 1], ["", ""]),
        ("text", [], []),
        ("漢字漢字漢字", [2, 1], ["漢字漢字", "漢字"]),
        ("one two\nthree\nfour five", [7, 5, 4, 4], ["one two", "three", "four", "five"]),
        ("a long first line\nshort\nfinal", [5, 4, 5, 5], ["a long", "first line", "short", "final"]),
        ("more\nlines\nthan two", [9, 8], ["more lines", "than two"]),
    ],
)
def test_words_are_shared_out(text: str, widths: list[float], expected: list[str]) -> None:
    assert share_out(text, widths) == expected


def test_the_number_of_words_of_a_line_counts() -> None:
    text = "aa bb cc dd ee ff"
    assert share_out(text, [10, 10]) == ["aa bb cc", "dd ee ff"]
    assert share_out(text, [10, 10], [2, 4]) == ["aa bb", "cc dd ee ff"]
    assert word_counts([[0.3, 0.1], [0.1], [0.1, 0.3, 0.25]], 6) == [2, 1, 3]
    assert word_counts([[0.3], []], 9) is None


def test_no_word_is_lost_or_cut() -> None:
    words = [f"word{n}" for n in range(500)]
    for count in (1, 2, 7, 100, 499):
        shared = share_out(" ".join(words), [1.0 + n % 3 for n in range(count)])
        assert len(shared) == count
        assert " ".join(filter(None, shared)).split() == words


@pytest.mark.parametrize("opening", ["[a", "![](", "<!--", "**a ", "_a", "`", "~~a", "<a", "> ", "\\"])
def test_marks_that_never_end_lose_no_text(opening: str) -> None:
    # What a model writes that repeats itself. Without bounds this takes minutes.
    assert plain_text(opening * 10_000 + "\n\nend").endswith("end")
