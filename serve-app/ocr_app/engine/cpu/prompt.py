"""What a prompt can change about the cpu engine's answer: Markdown or plain text."""

from collections.abc import Sequence
from typing import Literal

from ocr_app.engine.types import Message
from ocr_app.ocr.prompt_choice import choose_rule
from ocr_app.ocr.prompts import FREE_OCR, GROUNDED_MARKDOWN
from ocr_app.settings import PromptRule
from ocr_app.settings import prompt_words as words

_RULES = (
    PromptRule(name="markdown", pattern=words.MARKDOWN, prompt=GROUNDED_MARKDOWN),
    PromptRule(name="text", pattern=words.PLAIN, negated=words.NO_MARKDOWN, prompt=FREE_OCR),
)


def writing_of(messages: Sequence[Message]) -> Literal["markdown", "text"]:
    """Return what a conversation asks for: `text` for "plain text", "Free OCR" or "no Markdown", else `markdown`."""
    choice = choose_rule(messages, _RULES)
    return "text" if choice is not None and choice.rule.name == "text" else "markdown"
