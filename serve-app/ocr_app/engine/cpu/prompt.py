"""What a prompt can change about the cpu engine's answer: Markdown or plain text."""

import re
from collections.abc import Sequence

from ocr_app.engine.types import Message, TextPart
from ocr_app.ocr.prompts import FREE_OCR

_PLAIN = re.compile(rf"\b{re.escape(FREE_OCR.rstrip('.'))}\b|\bplain[ -]text\b", re.IGNORECASE)
_MARKDOWN = re.compile(r"\bmarkdown\b", re.IGNORECASE)


def wants_plain_text(messages: Sequence[Message]) -> bool:
    """Whether the text of the last message that has any says "Free OCR" or "plain text", and not "markdown"."""
    for message in reversed(messages):
        text = " ".join(part.text for part in message.parts if isinstance(part, TextPart))
        if text.strip():
            return bool(_PLAIN.search(text)) and not _MARKDOWN.search(text)
    return False
