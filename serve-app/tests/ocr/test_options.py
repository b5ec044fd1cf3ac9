from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.engine.types import RequestError
from ocr_app.ocr.options import Guard, OcrOptions, parse_guard, parse_ocr_options
from ocr_app.settings import GuardSettings

DEFAULTS = GuardSettings()
SCHEMA = {"type": "json_schema", "json_schema": {"name": "ocr_layout", "schema": {}}}


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({}, OcrOptions()),
        ({"ocr": None, "response_format": None}, OcrOptions()),
        ({"ocr": {}}, OcrOptions()),
        ({"ocr": {"output": "markdown", "mode": "base"}}, OcrOptions("markdown", "base")),
        ({"ocr": {"furniture": "keep"}}, OcrOptions(furniture="keep")),
        ({"ocr": {"furniture": "drop"}}, OcrOptions(furniture="drop")),
        ({"ocr": {"furniture": None}}, OcrOptions()),
        ({"ocr": {"lines": True}}, OcrOptions(lines=True)),
        ({"ocr": {"lines": False}}, OcrOptions()),
        ({"ocr": {"lines": None}}, OcrOptions()),
        ({"response_format": {"type": "text"}}, OcrOptions()),
        ({"response_format": {"type": "json_object"}}, OcrOptions("layout")),
        ({"response_format": SCHEMA}, OcrOptions("layout")),
        ({"ocr": {"output": "layout"}, "response_format": SCHEMA}, OcrOptions("layout")),
    ],
)
def test_options(body: dict[str, Any], wanted: OcrOptions) -> None:
    assert parse_ocr_options(body) == wanted


@pytest.mark.parametrize(
    ("body", "param", "words"),
    [
        ({"ocr": "markdown"}, "ocr", "must be an object"),
        ({"ocr": {"output": "html"}}, "ocr.output", "'raw', 'markdown', 'layout', not \"html\""),
        ({"ocr": {"mode": "huge"}}, "ocr.mode", "'gundam'"),
        ({"ocr": {"mode": []}}, "ocr.mode", "not []"),
        ({"ocr": {"furniture": "hide"}}, "ocr.furniture", "'keep', 'drop', not \"hide\""),
        ({"ocr": {"furniture": True}}, "ocr.furniture", "not true"),
        ({"ocr": {"lines": "yes"}}, "ocr.lines", "true or false"),
        ({"ocr": {"modes": "tiny"}}, "ocr.modes", "known are 'output', 'mode', 'furniture', 'lines'"),
        ({"response_format": "json"}, "response_format", "must be"),
        ({"response_format": {"type": "json_schema"}}, "response_format.json_schema.name", "ocr_layout"),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "invoice"}}},
            "response_format.json_schema.name",
            "ocr_layout",
        ),
        ({"ocr": {"output": "raw"}, "response_format": SCHEMA}, "response_format", "leave one of them out"),
    ],
)
def test_wrong_options_name_the_field(body: dict[str, Any], param: str, words: str) -> None:
    with pytest.raises(RequestError) as caught:
        parse_ocr_options(body)
    assert caught.value.param == param
    assert caught.value.status == 400
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("xargs", "wanted"),
    [
        (None, Guard(30, 90, (128_821, 128_822), {})),
        ({}, Guard(30, 90, (128_821, 128_822), {})),
        ({"ngram_size": 5}, Guard(5, 90, (128_821, 128_822), {})),
        ({"window_size": 7, "whitelist_token_ids": []}, Guard(30, 7, (), {})),
        ({"ngram_size": None}, Guard(None, 90, (128_821, 128_822), {})),
        ({"other": [1, "x"]}, Guard(30, 90, (128_821, 128_822), {"other": [1, "x"]})),
    ],
)
def test_guard(xargs: Any, wanted: Guard) -> None:
    assert parse_guard({"vllm_xargs": xargs}, DEFAULTS) == wanted


def test_xargs_for_vllm() -> None:
    assert parse_guard({}, DEFAULTS).xargs() == {
        "ngram_size": 30,
        "window_size": 90,
        "whitelist_token_ids": [128_821, 128_822],
    }
    assert parse_guard({"vllm_xargs": {"ngram_size": None, "x": 1}}, DEFAULTS).xargs() == {"x": 1}


def test_a_tightened_guard() -> None:
    guard = parse_guard({}, DEFAULTS)
    assert guard.tightened(20, 1024).xargs()["window_size"] == 1024
    assert guard.tightened(None, None) == guard


@pytest.mark.parametrize(
    ("xargs", "param"),
    [
        ("x", "vllm_xargs"),
        ([], "vllm_xargs"),
        ({"ngram_size": 0}, "vllm_xargs.ngram_size"),
        ({"ngram_size": 1}, "vllm_xargs.ngram_size"),
        ({"ngram_size": 257}, "vllm_xargs.ngram_size"),
        ({"window_size": 1_025}, "vllm_xargs.window_size"),
        ({"ngram_size": -1}, "vllm_xargs.ngram_size"),
        ({"ngram_size": "30"}, "vllm_xargs.ngram_size"),
        ({"ngram_size": 2.5}, "vllm_xargs.ngram_size"),
        ({"ngram_size": True}, "vllm_xargs.ngram_size"),
        ({"window_size": None}, "vllm_xargs.window_size"),
        ({"window_size": 10**30}, "vllm_xargs.window_size"),
        ({"whitelist_token_ids": ["128821"]}, "vllm_xargs.whitelist_token_ids[0]"),
        ({"whitelist_token_ids": [1, True]}, "vllm_xargs.whitelist_token_ids[1]"),
        ({"whitelist_token_ids": [1, -1]}, "vllm_xargs.whitelist_token_ids[1]"),
        ({"whitelist_token_ids": "128821"}, "vllm_xargs.whitelist_token_ids"),
        ({"whitelist_token_ids": None}, "vllm_xargs.whitelist_token_ids"),
        ({"other": {}}, "vllm_xargs.other"),
        ({"other": [[]]}, "vllm_xargs.other"),
    ],
)
def test_wrong_xargs_name_the_field(xargs: Any, param: str) -> None:
    with pytest.raises(RequestError) as caught:
        parse_guard({"vllm_xargs": xargs}, DEFAULTS)
    assert caught.value.param == param
    assert caught.value.status == 400


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)
KEYS = st.sampled_from(
    ["ngram_size", "window_size", "whitelist_token_ids", "output", "mode", "furniture", "lines", "type", "json_schema"]
)
FIELD = JSON | st.dictionaries(KEYS, JSON, max_size=4)


@given(st.fixed_dictionaries({}, optional={"ocr": FIELD, "response_format": FIELD, "vllm_xargs": FIELD}))
def test_any_json_is_read_or_refused_by_name(body: dict[str, Any]) -> None:
    for error in (error_of(parse_ocr_options, body), error_of(parse_guard, body, DEFAULTS)):
        if error is not None:
            assert error.param
            assert error.param.split(".")[0].split("[")[0] in body


def error_of(parse: Callable[..., object], *args: object) -> RequestError | None:
    try:
        parse(*args)
    except RequestError as error:
        return error
    return None
