from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.engine.types import RequestError
from ocr_app.ocr.sampling import check_sampling
from tests.ocr.test_options import JSON

GOOD: list[dict[str, Any]] = [
    {"top_p": 1},
    {"top_p": 0.1, "top_k": -1, "min_p": 0},
    {"top_k": 0},
    {"frequency_penalty": -2, "presence_penalty": 2, "repetition_penalty": 1.1},
    {"logit_bias": {}},
    {"logit_bias": {"128821": -100, "0": 5.5}},
    {"ignore_eos": True, "include_stop_str_in_output": False, "skip_special_tokens": True},
    {"spaces_between_special_tokens": False},
    {"min_tokens": 0},
    {"stop_token_ids": []},
    {"stop_token_ids": [1, 2]},
    {"bad_words": []},
    {"bad_words": [" word", "日本"]},
    {"allowed_token_ids": [0]},
    {"repetition_detection": {"max_pattern_size": 20, "min_count": 4}},
    {"repetition_detection": {}},
    {"truncate_prompt_tokens": -1},
    {"truncate_prompt_tokens": 1},
]


@pytest.mark.parametrize("fields", GOOD)
def test_good_values_stay_as_they_are(fields: dict[str, Any]) -> None:
    assert check_sampling(fields) == fields


def test_only_sampling_fields_go_on_and_null_is_left_out() -> None:
    assert check_sampling({"top_k": 5, "top_p": None, "ignore_eos": None, "mm_processor_kwargs": {}, "ocr": {}}) == {
        "top_k": 5
    }


BAD: list[tuple[dict[str, Any], str]] = [
    ({"top_p": 0}, "top_p"),
    ({"top_p": 1.1}, "top_p"),
    ({"top_p": True}, "top_p"),
    ({"top_k": -2}, "top_k"),
    ({"top_k": 2**31}, "top_k"),
    ({"top_k": 1.5}, "top_k"),
    ({"top_k": "5"}, "top_k"),
    ({"min_p": 1.5}, "min_p"),
    ({"min_p": "x"}, "min_p"),
    ({"frequency_penalty": 3}, "frequency_penalty"),
    ({"presence_penalty": []}, "presence_penalty"),
    ({"repetition_penalty": 0}, "repetition_penalty"),
    ({"repetition_penalty": 1e300}, "repetition_penalty"),
    ({"logit_bias": [1]}, "logit_bias"),
    ({"logit_bias": {"x": 1}}, "logit_bias"),
    ({"logit_bias": {"-1": 1}}, "logit_bias"),
    ({"logit_bias": {" 1": 1}}, "logit_bias"),
    ({"logit_bias": {"٣": 1}}, "logit_bias"),
    ({"logit_bias": {"9" * 5_000: 1}}, "logit_bias"),
    ({"logit_bias": {"1": None}}, "logit_bias.1"),
    ({"logit_bias": {"1": 101}}, "logit_bias.1"),
    ({"logit_bias": {str(token): 1 for token in range(1_025)}}, "logit_bias"),
    ({"ignore_eos": 1}, "ignore_eos"),
    ({"include_stop_str_in_output": "yes"}, "include_stop_str_in_output"),
    ({"skip_special_tokens": {}}, "skip_special_tokens"),
    ({"spaces_between_special_tokens": 0}, "spaces_between_special_tokens"),
    ({"min_tokens": -1}, "min_tokens"),
    ({"min_tokens": 2.0}, "min_tokens"),
    ({"stop_token_ids": 5}, "stop_token_ids"),
    ({"stop_token_ids": [1, -1]}, "stop_token_ids[1]"),
    ({"stop_token_ids": [True]}, "stop_token_ids[0]"),
    ({"stop_token_ids": list(range(129))}, "stop_token_ids"),
    ({"bad_words": "word"}, "bad_words"),
    ({"bad_words": ["a", ""]}, "bad_words[1]"),
    ({"bad_words": [" "]}, "bad_words[0]"),
    ({"bad_words": [5]}, "bad_words[0]"),
    ({"bad_words": ["x" * 257]}, "bad_words[0]"),
    ({"bad_words": ["x"] * 65}, "bad_words"),
    ({"allowed_token_ids": []}, "allowed_token_ids"),
    ({"allowed_token_ids": ["5"]}, "allowed_token_ids[0]"),
    ({"allowed_token_ids": {"5": 1}}, "allowed_token_ids"),
    ({"repetition_detection": 5}, "repetition_detection"),
    ({"repetition_detection": {"size": 5}}, "repetition_detection"),
    ({"repetition_detection": {"max_pattern_size": 129, "min_count": 2}}, "repetition_detection.max_pattern_size"),
    ({"repetition_detection": {"max_pattern_size": 5}}, "repetition_detection.min_count"),
    ({"repetition_detection": {"max_pattern_size": 5, "min_count": None}}, "repetition_detection.min_count"),
    (
        {"repetition_detection": {"max_pattern_size": 3, "min_pattern_size": 5, "min_count": 2}},
        "repetition_detection.min_pattern_size",
    ),
    ({"truncate_prompt_tokens": -2}, "truncate_prompt_tokens"),
    ({"truncate_prompt_tokens": 0}, "truncate_prompt_tokens"),
    ({"truncate_prompt_tokens": "5"}, "truncate_prompt_tokens"),
]


@pytest.mark.parametrize(("fields", "param"), BAD)
def test_wrong_values_name_the_field(fields: dict[str, Any], param: str) -> None:
    with pytest.raises(RequestError) as caught:
        check_sampling(fields)
    assert caught.value.param == param
    assert caught.value.status == 400
    assert len(caught.value.message) < 300


@given(st.dictionaries(st.sampled_from(sorted({name for fields in GOOD for name in fields})), JSON))
def test_any_json_is_good_or_a_400(fields: dict[str, Any]) -> None:
    try:
        kept = check_sampling(fields)
    except RequestError as error:
        wrong = error
    else:
        assert kept == {name: value for name, value in fields.items() if value is not None}
        return
    assert wrong.status == 400
    assert wrong.param is not None
    assert wrong.param.split(".")[0].split("[")[0] in fields
