"""Pages that we draw ourselves, so that every character is known."""

import io
import itertools

import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein

from bench.facts import check, failures
from bench.facts.tables import tables
from ocr_app.ocr.prompts import FREE_OCR
from tests.pages.conftest import Read
from tools.pages import plain, texts
from tools.pages.canvas import png
from tools.pages.scan import noisy, skewed


def error_rate(expected: str, text: str) -> float:
    """Character errors by characters; white space, dashes and quotation marks folded, case kept."""
    wanted, seen = " ".join(expected.split()), " ".join(text.replace("’", "'").split())
    return Levenshtein.distance(wanted, seen) / len(wanted)


ENGLISH = plain.paragraphs(texts.ENGLISH)


@pytest.mark.parametrize(
    ("page", "most"),
    [
        pytest.param(ENGLISH, 0.005, id="clean"),
        pytest.param(noisy(ENGLISH), 0.02, id="noisy"),
        pytest.param(skewed(ENGLISH, 2.5), 0.01, id="skewed to the left"),
        pytest.param(skewed(ENGLISH, -2.5), 0.01, id="skewed to the right"),
        pytest.param(ENGLISH.rotate(180), 0.01, id="upside down"),
        pytest.param(ENGLISH.transpose(Image.Transpose.ROTATE_90), 0.01, id="sideways"),
        pytest.param(ENGLISH.transpose(Image.Transpose.ROTATE_270), 0.01, id="sideways, the other way"),
    ],
)
def test_english_text_keeps_its_characters_and_its_paragraphs(read: Read, page: Image.Image, most: float) -> None:
    text, _ = read(png(page))
    assert error_rate("\n\n".join(texts.ENGLISH), text) <= most
    assert len(text.split("\n\n")) == len(texts.ENGLISH)


def test_german_umlauts_survive(read: Read) -> None:
    text, _ = read(png(plain.paragraphs(texts.GERMAN)))
    assert error_rate(texts.GERMAN[0], text) <= 0.01
    assert not {"ü", "ö", "ß"} - {*text}


def test_chinese_gets_no_spaces(read: Read) -> None:
    text, _ = read(png(plain.paragraphs(texts.CHINESE, plain.CHINESE)))
    assert error_rate("\n\n".join(texts.CHINESE), text) <= 0.01
    assert " " not in text


@pytest.mark.parametrize("degrees", [0, 2])
def test_two_columns_are_read_one_after_the_other(read: Read, degrees: float) -> None:
    page = plain.two_columns(texts.HEADING, texts.LEFT, texts.RIGHT, texts.RUNNING_HEAD)
    text, end = read(png(skewed(page, degrees)))
    assert [piece["text"] for piece in end.extra["pages"][0]["furniture"]] == [" ".join(texts.RUNNING_HEAD)]
    heading, *rest = text.split("\n\n")
    # How large a heading is gets less sure on a skewed page.
    assert heading in ([f"# {texts.HEADING}", f"## {texts.HEADING}"] if degrees else [f"# {texts.HEADING}"])
    assert error_rate(f"{texts.LEFT} {texts.RIGHT}", " ".join(rest)) <= 0.01
    assert check({"type": "absent", "text": texts.RUNNING_HEAD[0], "case_sensitive": False}, text) is None


def test_a_table_becomes_markdown(read: Read) -> None:
    page = png(plain.table(texts.TABLE, texts.ENGLISH[0], texts.ENGLISH[1]))
    text, _ = read(page)
    (table,) = tables(text)
    assert [[cell and cell.text for cell in row] for row in table.grid] == [list(row) for row in texts.TABLE]
    order = [
        {"type": "order", "before": a, "after": b}
        for a, b in itertools.pairwise((texts.ENGLISH[0], "Arch", texts.ENGLISH[1]))
    ]
    assert failures(order, text) == []


def test_plain_text_has_no_markup_and_every_line(read: Read) -> None:
    page = plain.two_columns(texts.HEADING, texts.LEFT, texts.RIGHT, texts.RUNNING_HEAD)
    text, end = read(png(page), prompt=FREE_OCR)
    assert text.startswith(f"{' '.join(texts.RUNNING_HEAD)}\n\n{texts.HEADING}\n\n")
    assert end.extra["pages"][0]["furniture"] == []


def test_a_table_without_markdown_has_tabs_between_its_cells(read: Read) -> None:
    page = png(plain.table(texts.TABLE, texts.ENGLISH[0], texts.ENGLISH[1]))
    text, end = read(page, prompt="Return plain text only, do not use markdown.")
    assert end.extra["prompt"] == {"rule": "text"}
    assert "|" not in text
    assert all("\t".join(row) in text.splitlines() for row in texts.TABLE)


def test_a_blank_page_is_empty_and_no_error(read: Read) -> None:
    text, end = read(png(plain.blank()))
    assert text == ""
    assert end.finish_reason == "stop"
    assert end.usage.completion_tokens == 0
    assert end.extra["pages"][0]["line_count"] == 0
    assert end.extra["pages"][0]["mean_confidence"] is None


def test_several_images_come_in_order_set_apart(read: Read) -> None:
    files = [png(plain.paragraphs([text])) for text in ("First page, with a few words.", "", "And the third.")]
    text, end = read(*files)
    assert text.split("\n\n---\n\n") == ["First page, with a few words.", "", "And the third."]
    assert [page["line_count"] for page in end.extra["pages"]] == [1, 0, 1]


def test_the_pages_of_a_tiff_come_as_several_images_do(read: Read) -> None:
    lines = ["Fax page one: order 310 boxes", "Page two: deliver by Friday"]
    pages = [plain.paragraphs([line]).convert("1") for line in lines]
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    text, end = read(buffer.getvalue())
    assert text.split("\n\n---\n\n") == lines
    assert [page["line_count"] for page in end.extra["pages"]] == [1, 1]


def test_max_tokens_and_stop_end_the_text(read: Read) -> None:
    page = png(plain.paragraphs(["One two three four five."]))
    text, end = read(page, max_tokens=3)
    assert (text, end.finish_reason, end.usage.completion_tokens) == ("One two three", "length", 3)
    text, end = read(page, stop=("four",))
    assert (text, end.finish_reason) == ("One two three ", "stop")
