"""Options are checked alike for every engine; what an engine cannot honour is refused, what changes nothing is not."""

import re
from pathlib import Path
from typing import Any

import pytest

from ocr_app.api.protocol import ChatRequest
from ocr_app.engine.types import RequestError
from ocr_app.ocr import request_options
from ocr_app.ocr.request_options import check_options
from ocr_app.settings import Settings

ENGINES = ("cpu", "vllm", "null")
DOCS = Path(__file__).parents[3] / "docs" / "api.md"
SCHEMA = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}}
LAYOUT = {"type": "json_schema", "json_schema": {"name": "ocr_layout", "schema": {"type": "object"}}}
TOOL = {"type": "function", "function": {"name": "f", "parameters": {}}}

# What clients send without being asked, with the client that does.
DEFAULTS: dict[str, dict[str, Any]] = {
    "openai, each default of the reference": {
        "frequency_penalty": 0,
        "presence_penalty": 0,
        "logit_bias": {},
        "logprobs": False,
        "top_logprobs": 0,
        "top_p": 1,
        "modalities": ["text"],
        "response_format": {"type": "text"},
        "tools": [],
        "tool_choice": "auto",
        "parallel_tool_calls": True,
        "functions": [],
        "function_call": "none",
        "store": False,
        "metadata": {"a": "b"},
        "service_tier": "auto",
        "reasoning_effort": "low",
        "verbosity": "medium",
        "prediction": None,
        "audio": None,
        "web_search_options": None,
    },
    "n8n": {"frequency_penalty": 0, "presence_penalty": 0.0, "top_p": 1, "response_format": {"type": "text"}},
    "completions": {"best_of": 1, "echo": False, "logprobs": None},
    "vLLM's client": {
        "use_beam_search": False,
        "length_penalty": 1.0,
        "repetition_penalty": 1.0,
        "top_k": -1,
        "min_p": 0.0,
        "ignore_eos": False,
        "min_tokens": 0,
        "stop_token_ids": [],
        "bad_words": [],
        "include_stop_str_in_output": False,
        "truncate_prompt_tokens": None,
        "return_token_ids": False,
        "guided_json": None,
    },
    "the model's recipe": {
        "skip_special_tokens": False,
        "vllm_xargs": {"ngram_size": 30, "window_size": 90, "whitelist_token_ids": [128821, 128822]},
    },
    "a tool is offered before": {"tools": [], "tool_choice": None},
}


def refusal(options: dict[str, Any], engine: str) -> RequestError:
    with pytest.raises(RequestError) as caught:
        check_options(options, Settings(engine=engine))  # type: ignore[arg-type]
    assert caught.value.status == 400
    assert caught.value.param
    assert f"'{caught.value.param}'" in caught.value.message
    return caught.value


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("client", DEFAULTS)
def test_what_clients_send_without_being_asked(client: str, engine: Any) -> None:
    assert check_options(DEFAULTS[client], Settings(engine=engine)) == ()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"logprobs": True}, "logprobs"),
        ({"logprobs": 0}, "logprobs"),
        ({"top_logprobs": 2}, "top_logprobs"),
        ({"modalities": ["text", "audio"]}, "modalities"),
        ({"audio": {"voice": "alloy"}}, "audio"),
        ({"web_search_options": {}}, "web_search_options"),
        ({"guided_json": {"type": "object"}}, "guided_json"),
        ({"guided_regex": ".*"}, "guided_regex"),
        ({"guided_choice": ["a"]}, "guided_choice"),
        ({"guided_grammar": "x"}, "guided_grammar"),
        ({"structured_outputs": {"json": {}}}, "structured_outputs"),
        ({"best_of": 2}, "best_of"),
        ({"best_of": True}, "best_of"),
        ({"echo": True}, "echo"),
        ({"use_beam_search": True}, "use_beam_search"),
        ({"length_penalty": 2}, "length_penalty"),
        ({"prompt_logprobs": 1}, "prompt_logprobs"),
        ({"return_token_ids": True}, "return_token_ids"),
        ({"tools": [TOOL], "tool_choice": "required"}, "tool_choice"),
        ({"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "f"}}}, "tool_choice"),
        ({"functions": [{}], "function_call": {"name": "f"}}, "function_call"),
        ({"tools": {}}, "tools"),
        ({"response_format": "json"}, "response_format"),
        ({"ocr": {"output": "html"}}, "ocr.output"),
        ({"ocr": {"page": 1}}, "ocr.page"),
        ({"ocr": {"furniture": "hide"}}, "ocr.furniture"),
        ({"vllm_xargs": {"ngram_size": 0}}, "vllm_xargs.ngram_size"),
        ({"top_k": "5"}, "top_k"),
        ({"top_p": 0}, "top_p"),
    ],
)
def test_what_no_engine_can_do(options: dict[str, Any], param: str, engine: str) -> None:
    assert refusal(options, engine).param == param


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"ocr": {"output": "raw"}}, "ocr.output"),
        ({"ocr": {"mode": "base"}}, "ocr.mode"),
        ({"frequency_penalty": 0.5}, "frequency_penalty"),
        ({"presence_penalty": -1}, "presence_penalty"),
        ({"repetition_penalty": 1.1}, "repetition_penalty"),
        ({"logit_bias": {"5": 1}}, "logit_bias"),
        ({"ignore_eos": True}, "ignore_eos"),
        ({"min_tokens": 5}, "min_tokens"),
        ({"stop_token_ids": [1]}, "stop_token_ids"),
        ({"include_stop_str_in_output": True}, "include_stop_str_in_output"),
        ({"bad_words": ["x"]}, "bad_words"),
        ({"allowed_token_ids": [1]}, "allowed_token_ids"),
        ({"truncate_prompt_tokens": 10}, "truncate_prompt_tokens"),
        ({"vllm_xargs": {"other": 1}}, "vllm_xargs"),
    ],
)
def test_what_the_cpu_engine_cannot_do(options: dict[str, Any], param: str) -> None:
    refused = refusal(options, "cpu")
    assert refused.param == param
    assert refused.code == "unsupported_value"
    assert "engine cpu" in refused.message
    assert "left out" in refused.message
    assert check_options(options, Settings(engine="vllm")) == ()


@pytest.mark.parametrize(
    "options",
    [{"response_format": LAYOUT}, {"response_format": {"type": "json_object"}}, {"ocr": {"output": "layout"}}],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_answers_with_the_layout(options: dict[str, Any], engine: str) -> None:
    assert check_options(options, Settings.model_validate({"engine": engine})) == ()


@pytest.mark.parametrize("choice", ["keep", "drop"])
def test_the_vllm_engine_cannot_tell_furniture(choice: str) -> None:
    refused = refusal({"ocr": {"furniture": choice}}, "vllm")
    assert refused.param == "ocr.furniture"
    assert refused.code == "unsupported_value"
    assert "engine vllm" in refused.message
    assert check_options({"ocr": {"furniture": choice}}, Settings(engine="cpu")) == ()
    assert check_options({"ocr": {"furniture": None}}, Settings(engine="vllm")) == ()


def test_only_the_cpu_engine_lists_lines() -> None:
    for engine in ("vllm", "null"):
        assert refusal({"ocr": {"lines": True}}, engine).param == "ocr.lines"
        assert check_options({"ocr": {"lines": False}}, Settings.model_validate({"engine": engine})) == ()
    assert check_options({"ocr": {"lines": True}}, Settings(engine="cpu")) == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_no_engine_follows_a_schema_of_the_clients_own(engine: str) -> None:
    assert str(refusal({"response_format": SCHEMA}, engine).param).startswith("response_format")


@pytest.mark.parametrize(
    "options",
    [
        {"top_p": 0.9, "top_k": 40, "min_p": 0.1},
        {"skip_special_tokens": True, "spaces_between_special_tokens": False},
        {"repetition_detection": {"max_pattern_size": 20, "min_count": 4}},
        {"vllm_xargs": {"ngram_size": None}},
        {"ocr": {"output": "markdown"}},
        {"ocr": {}},
    ],
)
def test_what_changes_nothing_on_the_cpu_engine(options: dict[str, Any]) -> None:
    assert check_options(options, Settings(engine="cpu")) == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_unknown_is_named(engine: Any) -> None:
    settings = Settings(engine=engine)
    assert check_options({"respone_format": {}, "top_p": 1, "chat_id": "x", "gone": None}, settings) == (
        "respone_format",
        "chat_id",
    )
    assert check_options({"tools": [TOOL], "functions": [{}]}, settings) == ("tools", "functions")
    assert check_options({"tools": [TOOL], "tool_choice": "none"}, settings) == ()


def test_every_option_is_in_the_documentation() -> None:
    documented = set(re.findall(r"`([a-z_]+)", DOCS.read_text()))
    assert {*request_options._KNOWN, *ChatRequest.model_fields} - documented == set()
