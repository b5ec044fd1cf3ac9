"""From a client's instruction to the prompt for the model.

A plain instruction is replaced by the prompt of the first rule (`vllm.prompt_rules` of the settings) that matches its
first 2,000 characters.
An instruction that already contains one of the model's marks, or is one of its fixed prompts, stays as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocr_app.engine.types import Message, TextPart
from ocr_app.ocr.prompts import OutputKind, Refs, is_model_prompt, refs_of
from ocr_app.settings import PromptRule

_MOST = 2_000
"""Characters of an instruction that rules look at: the time of a pattern may grow with the square of the length."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """The prompt to use.

    Attributes:
        text: For the model; without `<image>` if a rule made it.
        rule: Name of the rule that made it; None if the client's words go to the model unchanged.
        output: Kind of output if the client does not name one.
        refs: What the model puts between `<|ref|>` marks after this prompt: `labels` of blocks, or the `texts` read.
    """

    text: str
    rule: str | None
    output: OutputKind
    refs: Refs


def choose(messages: Sequence[Message], rules: Sequence[PromptRule]) -> Prompt:
    """Return the prompt for a conversation: that of the first matching rule, or the client's own words.

    The instruction is the text of the last user message that has any, else the text of the system messages: many
    clients put it there.

    Args:
        messages: The conversation.
        rules: In order; the first whose pattern is found in the instruction wins.
    """
    instruction = _instruction(messages)
    if is_model_prompt(instruction) or any(is_model_prompt(text) for text in _texts(messages)):
        return Prompt(text=instruction, rule=None, output="raw", refs=refs_of(instruction))
    plain = instruction[:_MOST]
    for rule in rules:
        match = re.search(rule.pattern, plain, re.IGNORECASE | re.DOTALL)
        if match is not None:
            text = _fill(rule.prompt, match)
            return Prompt(text=text, rule=rule.name, output=rule.output, refs=refs_of(text))
    return Prompt(text=instruction, rule=None, output="raw", refs=refs_of(instruction))


def _instruction(messages: Sequence[Message]) -> str:
    for role in ("user", "system", "developer"):
        for message in reversed(messages):
            text = _text(message) if message.role == role else ""
            if text:
                return text
    return ""


def _texts(messages: Sequence[Message]) -> list[str]:
    return [_text(message) for message in messages]


def _text(message: Message) -> str:
    return "\n".join(part.text for part in message.parts if isinstance(part, TextPart)).strip()


def _fill(prompt: str, match: "re.Match[str]") -> str:
    # Not str.format: a rule's prompt may hold braces of its own, and a client's words must not be a format.
    for name, value in match.groupdict(default="").items():
        prompt = prompt.replace("{" + name + "}", value)
    return prompt
