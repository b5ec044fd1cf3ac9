import pytest

from ocr_app.engine.cpu.prompt import writing_of
from ocr_app.engine.types import ImagePart, Message, TextPart
from tests.ocr.instructions import Instruction, instructions


def user(text: str) -> Message:
    return Message("user", (ImagePart(0, ""), TextPart(text)))


@pytest.mark.parametrize("case", instructions(), ids=lambda case: case.words)
def test_instructions_as_people_write_them(case: Instruction) -> None:
    assert writing_of([user(case.words)]) == case.cpu


@pytest.mark.parametrize(
    ("prompt", "writing"),
    [
        ("", "markdown"),
        ("Free OCR.", "text"),
        ("<image>\nFree OCR.", "text"),
        ("Give me plain text", "text"),
        ("Convert the document to markdown.", "markdown"),
        ("<|grounding|>Convert the document to markdown.", "markdown"),
        ("Free OCR as markdown", "markdown"),
        ("What does it say?", "markdown"),
    ],
)
def test_prompts(prompt: str, writing: str) -> None:
    assert writing_of([user(prompt)]) == writing


def test_the_system_message_decides_what_the_user_leaves_open() -> None:
    system = Message("system", (TextPart("Plain text only, never Markdown."),))
    assert writing_of([system, user("What does it say?")]) == "text"
    assert writing_of([system, user("Convert to Markdown")]) == "markdown"
    assert writing_of([]) == "markdown"
