from pathlib import Path
from unicodedata import normalize

import pytest

from ocr_app.documents.text_layer.bidi import visual_order
from tests.documents.text_layer.support import (
    char_boxes,
    found_box,
    layered,
    needs_pdftotext,
    page,
    pdf_of,
    pdftotext,
    saved,
    text_of,
)

LINES = {
    "Latin": "Größe naïve Łódź, 50 %",
    "combining": "e\u0301tude",
    "Greek and Cyrillic": "Ελληνικά и русский",
    "Chinese": "漢字と仮名の行です。",
    "Korean": "한국어 문장",
    "Arabic": "مرحبا بالعالم",
    "Arabic with vowels": "مُحَمَّد",
    "Arabic with numbers": "في ٢٠٢٦ عام",
    "Hebrew": "שלום עולם",
    "Hebrew with points": "שָׁלוֹם",
    "Hebrew with numbers": "סכום: 1,234.50 ₪",
    "Hebrew with a date": "תאריך 12/03/2026",
    "Hebrew with a word": "חשבון 123 עבור Acme היום",
    "Hebrew in brackets": "שלום (עולם) טוב",
    "Latin with Hebrew": "Name: שלום is 5",
    "Thai": "สวัสดี ครับ",
    "Hindi": "हिन्दी में",
    "euro": "12,50 € und 3 £",
    "beyond the BMP": "a 😀 b 𠮷野家 𝔘",
}


@pytest.mark.parametrize("language", LINES)
def test_text_comes_back_in_logical_order(language: str) -> None:
    text = LINES[language]
    result, _ = layered(saved(pdf_of(b"")), page(0, text))
    # PDFium swaps two marks on one Hebrew or Arabic letter, in any PDF; they mean the same in either order.
    assert normalize("NFD", text_of(result)) == normalize("NFD", text)


SEARCHES = {
    "Latin": "naïve",
    "Chinese": "仮名",
    "Korean": "문장",
    "Arabic": "بالعالم",
    "Hebrew": "עולם",
    "Hebrew with numbers": "1,234.50",
    "Hebrew with a word": "Acme",
    "Greek and Cyrillic": "русский",
    "euro": "€",
}


@pytest.mark.parametrize("language", SEARCHES)
def test_words_are_found(language: str) -> None:
    result, _ = layered(saved(pdf_of(b"")), page(0, LINES[language]))
    assert found_box(result, SEARCHES[language], 400) is not None


def test_ligatures_are_found_by_their_letters() -> None:
    result, _ = layered(saved(pdf_of(b"")), page(0, "ﬁnd the oﬃce"))
    assert text_of(result) == "find the office"
    assert found_box(result, "office", 400) is not None


def test_what_runs_from_right_to_left_begins_at_the_right() -> None:
    result, _ = layered(saved(pdf_of(b"")), page(0, "שלום עולם"))
    first, last = char_boxes(result, "שלום", 400), char_boxes(result, "עולם", 400)
    assert first[0][2] == pytest.approx(130, abs=1)
    assert last[-1][0] == pytest.approx(40, abs=1)
    assert first[0][0] > first[-1][0] > last[0][0]


@needs_pdftotext
@pytest.mark.parametrize(
    "language", ["Latin", "combining", "Chinese", "Korean", "Arabic", "Hebrew", "Thai", "beyond the BMP"]
)
def test_pdftotext_reads_it(language: str, tmp_path: Path) -> None:
    result, _ = layered(saved(pdf_of(b"")), page(0, LINES[language], "second line"))
    assert pdftotext(result, tmp_path).split("\n") == [LINES[language], "second line"]


def test_what_no_reader_could_show_is_left_out() -> None:
    result, _ = layered(saved(pdf_of(b"")), page(0, "a\tb\u0000c\u200e\ufeff d\ud800  e", "\u202a\n"))
    assert text_of(result) == "a b c d\ufffd e"


# As Unicode's own implementation of the bidirectional algorithm orders them.
VISUAL = {
    "plain": "plain",
    "אבג": "גבא",
    "אבג 123": "123 גבא",
    "abc אבג 123 def": "abc 123 גבא def",
    "אבג (דה) ו": "ו (הד) גבא",
    "אבג abc def דה": "הד abc def גבא",
    "א 1-2": "1-2 א",
    "א 5% ב": "ב 5% א",
    "ا ١٢٣ ب": "ب ١٢٣ ا",
    "ا 12 ب": "ب 12 ا",
    "ا 1-2": "2-1 ا",
    "abc, אבג, דה!": "abc, הד ,גבא!",
    "- אבג": "גבא -",
}


@pytest.mark.parametrize("text", VISUAL)
def test_visual_order(text: str) -> None:
    assert visual_order(text) == VISUAL[text]
