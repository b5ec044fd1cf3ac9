"""From a client's instruction to the prompt for the model.

A plain instruction is replaced by the prompt of the first rule (`vllm.prompt_rules` of the settings) that matches what
its first 2,000 characters ask for (`negation.py`).
An instruction that already contains one of the model's marks, or is one of its fixed prompts, stays as it is.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ocr_app.engine.types import Message, TextPart
from ocr_app.ocr.negation import NEGATED, understand
from ocr_app.ocr.prompts import OutputKind, Refs, is_model_prompt, refs_of
from ocr_app.settings import PromptRule

_MOST = 2_000
"""Characters of an instruction that rules look at: the time of a pattern may grow with the square of the length."""

_SYSTEM = ("system", "developer")
_FLAGS = re.IGNORECASE | re.DOTALL
# Rules may be anchored: what is negated at the ends is left out ("Locate the total, not the subtotal.").
_BEFORE = re.compile(rf"[\s.,;:!?。，]*{NEGATED}[{NEGATED}\s.,;:!?。，]*")
_AFTER = re.compile(rf"[\s.,;:!?。，]*{NEGATED}[{NEGATED}\s.,;:!?。，]*\Z")


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


@dataclass(frozen=True, slots=True)
class Choice:
    """A rule that matched, and the prompt that it makes."""

    rule: PromptRule
    text: str


def choose(messages: Sequence[Message], rules: Sequence[PromptRule]) -> Prompt:
    """Return the prompt for a conversation: that of the first matching rule, or the client's own words.

    Args:
        messages: The conversation.
        rules: See `choose_rule`.
    """
    instruction = next(iter(_instructions(messages)), "")
    if not any(is_model_prompt(text) for text in (instruction, *map(_text, messages))):
        choice = choose_rule(messages, rules)
        if choice is not None:
            return Prompt(choice.text, choice.rule.name, choice.rule.output, refs_of(choice.text))
    return Prompt(text=instruction, rule=None, output="raw", refs=refs_of(instruction))


def choose_rule(messages: Sequence[Message], rules: Sequence[PromptRule]) -> Choice | None:
    """Return the first rule that matches a conversation's instruction.

    The instruction is the text of the last user message that has any. Where only a rule without a pattern would match
    it ("Here is the page."), the system messages decide: many clients put their wishes there.

    Args:
        messages: The conversation.
        rules: In order; the first wins whose pattern is found in what the instruction asks for, or whose `negated` is
            found in what it rules out.
    """
    for instruction in _instructions(messages):
        # Accents that are characters of their own would hide a word.
        plain = unicodedata.normalize("NFC", instruction[:_MOST])
        wishes = understand(plain)
        before = _BEFORE.match(wishes.wanted)
        left = before.end() if before else 0
        wanted = _AFTER.sub("", wishes.wanted[left:])
        for rule in rules:
            match = re.search(rule.pattern, wanted, _FLAGS) if rule.pattern else None
            if match is not None:
                return Choice(rule, _fill(rule.prompt, match, plain[left:]))
            if rule.negated and re.search(rule.negated, wishes.unwanted, _FLAGS):
                return Choice(rule, rule.prompt)
    default = next((rule for rule in rules if not rule.pattern), None)
    return None if default is None else Choice(default, default.prompt)


def _instructions(messages: Sequence[Message]) -> list[str]:
    """Return the texts that hold instructions, the one that counts most first."""
    user = next((text for message in reversed(messages) if message.role == "user" and (text := _text(message))), "")
    system = "\n".join(text for message in messages if message.role in _SYSTEM and (text := _text(message)))
    return [text for text in (user, system) if text]


def _text(message: Message) -> str:
    return "\n".join(part.text for part in message.parts if isinstance(part, TextPart)).strip()


def _fill(prompt: str, match: "re.Match[str]", original: str) -> str:
    # Not str.format: a rule's prompt may hold braces of its own, and a client's words must not be a format.
    # The words come from the instruction itself, in which nothing is hidden.
    for name in match.groupdict():
        start, end = match.span(name)
        prompt = prompt.replace("{" + name + "}", original[start:end] if start >= 0 else "")
    return prompt
