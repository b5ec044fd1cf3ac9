import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.engine.types import ImagePart, Message, TextPart
from ocr_app.ocr.prompt_choice import choose
from ocr_app.ocr.prompts import MODEL_PROMPTS
from ocr_app.settings import PromptRule, VllmEngineSettings

RULES = VllmEngineSettings().prompt_rules
GROUNDING = "<|grounding|>Convert the document to markdown."


def user(*texts: str) -> Message:
    return Message("user", (ImagePart(0, ""), *(TextPart(text) for text in texts)))


@pytest.mark.parametrize(
    ("instruction", "rule", "prompt", "output"),
    [
        ("Extract all text from this document", "text", "Free OCR.", "raw"),
        ("Extract all text from this image.", "text", "Free OCR.", "raw"),
        ("OCR", "text", "Free OCR.", "raw"),
        ("", "text", "Free OCR.", "raw"),
        ("Lies den Text vor.", "text", "Free OCR.", "raw"),
        ("Convert to markdown", "markdown", GROUNDING, "markdown"),
        ("CONVERT THE PAGE TO MARKDOWN, PLEASE", "markdown", GROUNDING, "markdown"),
        ("Extract the tables", "markdown", GROUNDING, "markdown"),
        ("Convert to markdown with layout", "layout", GROUNDING, "raw"),
        ("Return text with bounding boxes", "layout", GROUNDING, "raw"),
        ("Parse this chart", "figure", "Parse the figure.", "raw"),
        ("What is in this picture?", "describe", "Describe this image in detail.", "raw"),
        ("Locate the total amount in the image.", "locate", "Locate <|ref|>total amount<|/ref|> in the image.", "raw"),
        ("where is the signature?", "locate", "Locate <|ref|>signature<|/ref|> in the image.", "raw"),
    ],
)
def test_a_plain_instruction_becomes_a_prompt_of_the_model(
    instruction: str, rule: str, prompt: str, output: str
) -> None:
    chosen = choose([user(instruction)], RULES)
    assert (chosen.rule, chosen.text, chosen.output) == (rule, prompt, output)


@pytest.mark.parametrize(
    "raw",
    [
        *MODEL_PROMPTS,
        "free ocr",
        "<image>\nFree OCR.",
        "<image>\nConvert to markdown",
        "<|grounding|>Do something else in markdown.",
        "Locate <|ref|>total<|/ref|> in the image.",
    ],
)
def test_the_models_own_words_are_untouched(raw: str) -> None:
    chosen = choose([user(raw)], RULES)
    assert (chosen.text, chosen.rule, chosen.output) == (raw, None, "raw")


def test_rules_look_at_the_start_of_a_long_instruction() -> None:
    assert choose([user("Convert to markdown" + " " * 50_000 + "y")], RULES).rule == "markdown"
    # The pattern alone would take a minute here.
    assert choose([user("locate x" + " " * 50_000 + "y")], RULES).rule == "locate"
    assert choose([user("." * 3_000 + "markdown")], RULES).rule == "text"


def test_the_instruction_may_stand_in_the_system_message() -> None:
    messages = [Message("system", (TextPart("Convert to markdown"),)), Message("user", (ImagePart(0, ""),))]
    assert choose(messages, RULES).rule == "markdown"


def test_the_last_user_message_counts() -> None:
    messages = [user("Convert to markdown"), Message("assistant", (TextPart("# Hi"),)), user("Describe it")]
    assert choose(messages, RULES).rule == "describe"


def test_a_raw_prompt_in_the_system_message_is_untouched_too() -> None:
    messages = [Message("system", (TextPart("<|grounding|>"),)), user("Convert to markdown")]
    assert choose(messages, RULES).rule is None


def test_without_a_matching_rule_the_words_go_to_the_model() -> None:
    rules = [PromptRule(name="x", pattern="^never$", prompt="Free OCR.")]
    chosen = choose([user("Read {this}")], rules)
    assert (chosen.text, chosen.rule) == ("Read {this}", None)


@given(st.text())
def test_any_instruction_gets_some_prompt(text: str) -> None:
    chosen = choose([user(text)], RULES)
    assert chosen.text or not text.strip()
    if chosen.rule is None:
        assert chosen.text == text.strip()
