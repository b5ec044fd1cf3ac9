import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.ocr.negation import HIDDEN, NEGATED, understand


@pytest.mark.parametrize(
    ("instruction", "wanted", "unwanted"),
    [
        ("plain text, do not use markdown", "plain text", "do not use markdown"),
        ("don\u2019t use html or tables, just text", "just text", "html or tables"),
        ("no tables, lists, or captions, please read it", "please read it", "captions"),
        ("Do not skip the tables", "skip the tables", "Do not"),
        ("not only text", "not only text", ""),
        ("nothing but markdown", "but markdown", "nothing"),
        ("read the text without describing figures", "read the text", "describing figures"),
        ("Markdown is not needed. Read it", "Read it", "Markdown is not needed"),
        ("Bilder nicht beschreiben, Text lesen", "Text lesen", "Bilder nicht beschreiben"),
        ("ne décrivez pas les images et lisez le texte", "lisez le texte", "décrivez pas les images"),
        ("no describas las figuras y lee el texto", "lee el texto", "describas las figuras"),
        ("不要描述图片，只识别文字", "只识别文字", "描述图片"),
        ("Do not:\n- describe\n- explain\nRead it", "Read it", "- explain"),
        ("invoice no. 5", "invoice no. 5", ""),
    ],
)
def test_what_is_wanted_and_what_is_not(instruction: str, wanted: str, unwanted: str) -> None:
    wishes = understand(instruction)
    assert wanted in wishes.wanted
    assert unwanted in wishes.unwanted
    assert not unwanted or unwanted not in wishes.wanted


def test_quoted_words_are_content_unless_they_name_a_format() -> None:
    wishes = understand('Read "no markdown" as "markdown"')
    assert "no" not in wishes.wanted + wishes.unwanted
    assert wishes.wanted.endswith('as "markdown"')


@given(st.text())
def test_each_character_is_in_one_copy_at_most(text: str) -> None:
    wishes = understand(text)
    assert len(wishes.wanted) == len(wishes.unwanted) == len(text)
    for char, wanted, unwanted in zip(text, wishes.wanted, wishes.unwanted, strict=True):
        assert {wanted, unwanted} <= {char, HIDDEN, NEGATED}
        assert {HIDDEN, NEGATED} & {wanted, unwanted}
