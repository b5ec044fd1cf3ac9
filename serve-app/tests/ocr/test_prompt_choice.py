import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.engine.types import ImagePart, Message, TextPart
from ocr_app.ocr.prompt_choice import choose
from ocr_app.ocr.prompts import MODEL_PROMPTS
from ocr_app.settings import PromptRule, VllmEngineSettings
from tests.ocr.instructions import Instruction, instructions

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


@pytest.mark.parametrize("case", instructions(), ids=lambda case: case.words)
def test_instructions_as_people_write_them(case: Instruction) -> None:
    chosen = choose([user(case.words)], RULES)
    # "Free OCR." is the model's own prompt: no rule makes it.
    assert (chosen.rule or "text") == case.vllm
    assert ("<|ref|>" in chosen.text) == (case.vllm == "locate")


@pytest.mark.parametrize(
    ("instruction", "what"),
    [
        ("Locate the total, not the subtotal.", "total"),
        ("Don't read it. Where is the stamp?", "stamp"),
        ('Where is "Subtotal (net)"?', '"Subtotal (net)"'),
        ("Please tell me where the invoice number is", "invoice number"),
        ("Wo ist die Unterschrift?", "Unterschrift"),
        ("Où se trouve le montant total ?", "montant total"),
        ("¿Dónde está la firma?", "firma"),
        ("发票号码在哪里？", "发票号码"),
    ],
)
def test_what_to_locate_is_in_the_clients_words(instruction: str, what: str) -> None:
    assert choose([user(instruction)], RULES).text == f"Locate <|ref|>{what}<|/ref|> in the image."


def test_accents_may_be_characters_of_their_own() -> None:
    assert choose([user(unicodedata.normalize("NFD", "Décris cette image"))], RULES).rule == "describe"


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


@pytest.mark.parametrize(
    ("system", "text", "rule"),
    [
        ("Always answer in Markdown.", "Here is page 3.", "markdown"),
        ("You are an OCR tool. Never describe images.", "Read this.", "text"),
        ("Return bounding boxes.", "Convert to Markdown", "markdown"),
        ("Answer in Markdown.", "Plain text this time, no Markdown.", "text"),
    ],
)
def test_the_system_message_decides_what_the_user_leaves_open(system: str, text: str, rule: str) -> None:
    assert choose([Message("system", (TextPart(system),)), user(text)], RULES).rule == rule


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


def test_a_rule_may_match_what_is_ruled_out() -> None:
    rules = [PromptRule(name="x", pattern="colou?r", negated="grey", prompt="Free OCR.")]
    assert choose([user("In colour")], rules).rule == "x"
    assert choose([user("Not in grey")], rules).rule == "x"
    assert choose([user("Not in colour")], rules).rule is None
    assert choose([user("In grey")], rules).rule is None


@given(st.text())
def test_any_instruction_gets_some_prompt(text: str) -> None:
    chosen = choose([user(text)], RULES)
    assert chosen.text or not text.strip()
    if chosen.rule is None:
        assert chosen.text == text.strip()
