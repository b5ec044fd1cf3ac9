"""`vllm.prompt_rules`: how plain instructions become the model's own prompts."""

import re

from pydantic import Field, field_validator

from ocr_app.ocr import prompts
from ocr_app.settings.section import Section


class PromptRule(Section):
    """Turns a plain instruction into one of the model's own prompts; the first rule that matches wins."""

    name: str = Field(min_length=1, description="Name of the rule, shown in the response as `ocr.prompt.rule`.")
    pattern: str = Field(
        description="Regular expression searched in the instruction, ignoring case; an empty one always matches."
    )
    prompt: str = Field(
        min_length=1,
        description="What the model gets, without its `<image>` word; {name} stands for the group (?P<name>).",
    )
    output: prompts.OutputKind = Field(default="raw", description="Kind of output if the client does not name one.")

    @field_validator("pattern")
    @classmethod
    def _pattern_compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return value


DEFAULT_RULES = (
    PromptRule(
        name="locate",
        pattern=r"^\s*(?:locate|where (?:is|are))\s+(?:the\s+)?(?P<what>\S.*?)"
        r"(?:\s+(?:in|on) (?:this|the) (?:image|page|document))?[\s.?!]*$",
        prompt=prompts.LOCATE,
    ),
    PromptRule(
        name="layout",
        pattern=r"\b(layout|bounding[ -]?box(es)?|bbox(es)?|coordinates|grounding)\b",
        prompt=prompts.GROUNDED_MARKDOWN,
        output="raw",
    ),
    PromptRule(
        name="markdown",
        pattern=r"\b(markdown|md|tables?|html)\b",
        prompt=prompts.GROUNDED_MARKDOWN,
        output="markdown",
    ),
    PromptRule(
        name="figure",
        pattern=r"\b(parse|read|extract|digiti[sz]e)\b.*\b(figures?|charts?|plots?|diagrams?|graphs?)\b",
        prompt=prompts.PARSE_FIGURE,
    ),
    PromptRule(
        name="describe",
        pattern=r"\b(describe|caption|what('s| is) (in|on|shown))\b",
        prompt=prompts.DESCRIBE,
    ),
    PromptRule(name="text", pattern="", prompt=prompts.FREE_OCR),
)
