import pytest

from ocr_app.ocr.prompts import DEFAULT_INSTRUCTION, MODEL_PROMPTS, is_model_prompt, refs_of


@pytest.mark.parametrize(
    ("prompt", "refs"),
    [
        ("<|grounding|>Convert the document to markdown.", "labels"),
        ("<|grounding|>OCR this image.", "texts"),
        ("Locate <|ref|>x<|/ref|> in the image.", "texts"),
        ("Free OCR.", "labels"),
    ],
)
def test_what_the_marks_hold_follows_from_the_prompt(prompt: str, refs: str) -> None:
    assert refs_of(prompt) == refs


def test_our_own_instruction_is_plain_words() -> None:
    assert not is_model_prompt(DEFAULT_INSTRUCTION)
    assert all(map(is_model_prompt, MODEL_PROMPTS))
