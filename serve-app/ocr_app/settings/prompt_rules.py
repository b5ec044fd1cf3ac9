"""`vllm.prompt_rules`: how plain instructions become the model's own prompts."""

import re

from pydantic import Field, field_validator

from ocr_app.ocr import prompts
from ocr_app.settings import prompt_words as words
from ocr_app.settings.section import Section


class PromptRule(Section):
    """Turns a plain instruction into one of the model's own prompts; the first rule that matches wins."""

    name: str = Field(min_length=1, description="Name of the rule, shown in the response as `ocr.prompt.rule`.")
    pattern: str = Field(
        description="Regular expression searched in what the instruction asks for, ignoring case; negated words "
        '("do not use …") and quoted ones are hidden from it. An empty one matches whatever no other rule does.'
    )
    negated: str = Field(
        default="",
        description="Regular expression searched in what the instruction rules out (`no markdown`), ignoring case: "
        "the rule matches then too. An empty one never matches.",
    )
    prompt: str = Field(
        min_length=1,
        description="What the model gets, without its `<image>` word; {name} stands for the group (?P<name>).",
    )
    output: prompts.OutputKind = Field(default="raw", description="Kind of output if the client does not name one.")

    @field_validator("pattern", "negated")
    @classmethod
    def _pattern_compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return value


DEFAULT_RULES = (
    PromptRule(name="locate", pattern=words.LOCATE, prompt=prompts.LOCATE),
    PromptRule(name="locate", pattern=words.LOCATE_AT_END, prompt=prompts.LOCATE),
    PromptRule(name="layout", pattern=words.BOXES, prompt=prompts.GROUNDED_MARKDOWN, output="raw"),
    PromptRule(
        name="markdown",
        pattern=f"{words.MARKDOWN}|{words.HTML}",
        prompt=prompts.GROUNDED_MARKDOWN,
        output="markdown",
    ),
    # A description instead of the text is the worst answer: only where nothing is to be read.
    PromptRule(name="describe", pattern=rf"\A(?!.*(?:{words.READ})).*(?:{words.DESCRIBE})", prompt=prompts.DESCRIBE),
    PromptRule(name="figure", pattern=rf"\A(?!.*(?:{words.TEXT})){words.FIGURE}", prompt=prompts.PARSE_FIGURE),
    PromptRule(name="text", pattern=words.PLAIN, negated=words.NO_MARKDOWN, prompt=prompts.FREE_OCR),
    PromptRule(
        name="markdown",
        pattern=f"{words.TABLES}|{words.KEEP_LAYOUT}",
        prompt=prompts.GROUNDED_MARKDOWN,
        output="markdown",
    ),
    PromptRule(name="text", pattern="", prompt=prompts.FREE_OCR),
)
