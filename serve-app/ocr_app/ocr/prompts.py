"""The prompts that DeepSeek-OCR was trained on. Any other wording costs quality.

See https://github.com/deepseek-ai/DeepSeek-OCR; `prompt_choice.py` picks one for a client's instruction.
"""

from typing import Literal

OutputKind = Literal["raw", "markdown", "layout"]
"""What a client gets: the model's output as it is, clean Markdown, or the layout as JSON."""

Refs = Literal["labels", "texts"]
"""What is between `<|ref|>` marks in an answer: labels of blocks, or the text that was read."""

GROUNDED_MARKDOWN = "<|grounding|>Convert the document to markdown."
GROUNDED_OCR = "<|grounding|>OCR this image."
FREE_OCR = "Free OCR."
PARSE_FIGURE = "Parse the figure."
DESCRIBE = "Describe this image in detail."
LOCATE = "Locate <|ref|>{what}<|/ref|> in the image."
"""`{what}` stands for the thing to find."""

MODEL_PROMPTS = (GROUNDED_MARKDOWN, GROUNDED_OCR, FREE_OCR, PARSE_FIGURE, DESCRIBE)
"""The fixed prompts of the model's card, without `<image>`; LOCATE is the sixth."""

DEFAULT_INSTRUCTION = "Convert the document to markdown."
"""What our own clients ask for: plain words, which the prompt rules turn into a prompt of the model."""

_PROMPT_MARKS = ("<image>", "<|grounding|>", "<|ref|>", "<|det|>")
_FIXED = frozenset(prompt.lower().rstrip(".") for prompt in MODEL_PROMPTS)


def is_model_prompt(text: str) -> bool:
    """Tell whether a text has one of the model's marks or is one of its fixed prompts."""
    return any(mark in text for mark in _PROMPT_MARKS) or text.strip().lower().rstrip(".") in _FIXED


def refs_of(prompt: str) -> Refs:
    """Tell what `<|ref|>` marks hold in answers to a prompt; see `Prompt.refs`."""
    locates = "<|ref|>" in prompt
    reads = "<|grounding|>" in prompt and "ocr" in prompt.lower()
    return "texts" if locates or reads else "labels"
