"""vLLM's sampling fields that a client may set, checked before a GPU is woken.

Types, ranges, and lengths that would slow every sequence of a batch down. What needs the model's vocabulary, such as
the largest token id, vLLM checks itself.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ocr_app.engine.types import Json
from ocr_app.ocr.invalid import check_token_ids, invalid, is_number, is_token_id, is_whole

_MAX_LOGIT_BIASES = 1_024
_MAX_STOP_TOKENS = 128
_MAX_BAD_WORDS = 64
_MAX_BAD_WORD_CHARS = 256
_MAX_PATTERN = 128
_MAX_COUNT = 1_024
_MAX_TOKENS = 1_000_000


def check_sampling(options: Mapping[str, Json]) -> dict[str, Json]:
    """Return the sampling fields of a request body; null counts as left out.

    Raises:
        RequestError: 400, naming the field and what it may be.
    """
    fields = {name: options[name] for name in _CHECKS if options.get(name) is not None}
    for name, value in fields.items():
        _CHECKS[name](name, value)
    return fields


def _number(low: float, high: float, words: str) -> Callable[[str, Json], None]:
    def check(name: str, value: Json) -> None:
        if not is_number(value) or not low <= value <= high:
            raise invalid(name, f"a number {words}", value)

    return check


def _whole(low: int, high: int, words: str) -> Callable[[str, Json], None]:
    def check(name: str, value: Json) -> None:
        if not is_whole(value, low, high):
            raise invalid(name, f"a whole number {words}", value)

    return check


def _flag(name: str, value: Json) -> None:
    if not isinstance(value, bool):
        raise invalid(name, "true or false", value)


def _share(name: str, value: Json) -> None:
    if not is_number(value) or not 0 < value <= 1:
        raise invalid(name, "a number above 0, at most 1", value)


def _logit_bias(name: str, value: Json) -> None:
    if not isinstance(value, dict) or len(value) > _MAX_LOGIT_BIASES:
        raise invalid(name, f"an object of at most {_MAX_LOGIT_BIASES} token ids with their bias", value)
    for key, bias in value.items():
        if not (key.isascii() and key.isdigit() and is_token_id(int(key[:20]))):
            raise invalid(name, 'an object whose keys are token ids, such as {"128821": -5}', key)
        _number(-100, 100, "from -100 to 100")(f"{name}.{key}", bias)


def _token_ids(least: int, most: int | None) -> Callable[[str, Json], None]:
    several = "a list of " + (f"at most {most} " if most else "") + "token ids (integers)"
    words = several + (", with at least one" if least else "")

    def check(name: str, value: Json) -> None:
        if not isinstance(value, list) or len(value) < least or (most is not None and len(value) > most):
            raise invalid(name, words, value)
        check_token_ids(name, value)

    return check


def _bad_words(name: str, value: Json) -> None:
    if not isinstance(value, list) or len(value) > _MAX_BAD_WORDS:
        raise invalid(name, f"a list of at most {_MAX_BAD_WORDS} texts", value)
    for index, word in enumerate(value):
        if not isinstance(word, str) or not word.strip() or len(word) > _MAX_BAD_WORD_CHARS:
            raise invalid(f"{name}[{index}]", f"a text of 1 to {_MAX_BAD_WORD_CHARS} characters, not only spaces", word)


def _repetition_detection(name: str, value: Json) -> None:
    if not isinstance(value, dict):
        raise invalid(name, 'an object such as {"max_pattern_size": 20, "min_count": 4}', value)
    given = {"max_pattern_size": 0, "min_pattern_size": 0, "min_count": 0, **value}
    for key, each in given.items():
        if key not in _REPETITION:
            raise invalid(name, "an object of " + ", ".join(f"'{known}'" for known in _REPETITION), key)
        most = _REPETITION[key]
        _whole(0, most, f"from 0 to {most}")(f"{name}.{key}", each)
    if given["min_pattern_size"] > given["max_pattern_size"]:
        raise invalid(f"{name}.min_pattern_size", "at most 'max_pattern_size'", given["min_pattern_size"])
    if given["max_pattern_size"] > 0 and given["min_count"] < 2:
        raise invalid(f"{name}.min_count", "2 or more", given["min_count"])


def _truncation(name: str, value: Json) -> None:
    _whole(-1, 2**31 - 1, "of 1 or more, or -1 for the model's context")(name, value or None)


_REPETITION = {"max_pattern_size": _MAX_PATTERN, "min_pattern_size": _MAX_PATTERN, "min_count": _MAX_COUNT}
_penalty = _number(-2, 2, "from -2 to 2")

# Everything else of a body stays out of vLLM's request, so that no client can change the processor or the engine.
_CHECKS: Mapping[str, Callable[[str, Any], None]] = {
    "top_p": _share,
    "top_k": _whole(-1, 2**31 - 1, "from -1 (or 0, both for all tokens)"),
    "min_p": _number(0, 1, "from 0 to 1"),
    "frequency_penalty": _penalty,
    "presence_penalty": _penalty,
    "repetition_penalty": _number(0.01, 100, "from 0.01 to 100"),
    "logit_bias": _logit_bias,
    "ignore_eos": _flag,
    "min_tokens": _whole(0, _MAX_TOKENS, f"from 0 to {_MAX_TOKENS:,}"),
    "stop_token_ids": _token_ids(0, _MAX_STOP_TOKENS),
    "include_stop_str_in_output": _flag,
    "bad_words": _bad_words,
    "allowed_token_ids": _token_ids(1, None),
    "skip_special_tokens": _flag,
    "spaces_between_special_tokens": _flag,
    "repetition_detection": _repetition_detection,
    "truncate_prompt_tokens": _truncation,
}

SAMPLING_FIELDS = frozenset(_CHECKS)
"""Names of the fields."""
