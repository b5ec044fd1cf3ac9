"""The one check of a request's options, for every engine, before an engine is woken.

An option that the engine cannot honour is refused, unless its value asks for what happens anyway: many clients send
every default. docs/api.md lists the options with their rules.
"""

from collections.abc import Mapping
from types import MappingProxyType

from ocr_app.engine.types import Json, RequestError
from ocr_app.ocr.abilities import ABILITIES
from ocr_app.ocr.invalid import invalid, show
from ocr_app.ocr.options import parse_guard, parse_ocr_options
from ocr_app.ocr.sampling import SAMPLING_FIELDS, check_sampling
from ocr_app.settings import Settings

_NO_ENGINE: Mapping[str, Json] = MappingProxyType(
    {
        "logprobs": False,
        "top_logprobs": 0,
        "modalities": ["text"],
        "best_of": 1,
        "echo": False,
        "use_beam_search": False,
        "length_penalty": 1,
        "return_token_ids": False,
        "audio": None,
        "web_search_options": None,
        "prompt_logprobs": None,
        "guided_json": None,
        "guided_regex": None,
        "guided_choice": None,
        "guided_grammar": None,
        "structured_outputs": None,
    }
)
"""What no engine can do, with the value that asks for nothing; None if every value asks for something."""

_ONLY_BY_DRAWING: Mapping[str, Json] = MappingProxyType(
    {
        "frequency_penalty": 0,
        "presence_penalty": 0,
        "repetition_penalty": 1,
        "logit_bias": {},
        "ignore_eos": False,
        "min_tokens": 0,
        "stop_token_ids": [],
        "include_stop_str_in_output": False,
        "bad_words": [],
        "allowed_token_ids": None,
        "truncate_prompt_tokens": -1,
    }
)
"""Sampling fields that prescribe another text, with the value that asks for nothing. The other ones (`top_p`, `top_k`,
`min_p`, how special tokens are written, guards against loops) have nothing to change where no token is drawn."""

_TOOLS = (("tools", "tool_choice"), ("functions", "function_call"))

_HINTS = frozenset(
    (
        "cache_salt",
        "metadata",
        "parallel_tool_calls",
        "prediction",
        "priority",
        "prompt_cache_key",
        "prompt_cache_retention",
        "reasoning_effort",
        "request_id",
        "safety_identifier",
        "service_tier",
        "store",
        "verbosity",
    )
)
"""Accepted with any value, because they say nothing about the text of the answer."""

_KNOWN = frozenset((*_NO_ENGINE, *SAMPLING_FIELDS, *_HINTS, "ocr", "response_format", "vllm_xargs")).union(*_TOOLS)


def check_options(options: Mapping[str, Json], settings: Settings) -> tuple[str, ...]:
    """Check every field of a body that `parser` does not read itself; null counts as left out.

    Args:
        options: Fields of the body.
        settings: Of the application: its engine, and the defaults of the repetition guard.

    Returns:
        The fields that had no part in the answer: unknown ones, and tools, since none is ever called.

    Raises:
        RequestError: 400, naming the field and what it may be.
    """
    given = {name: value for name, value in options.items() if value is not None}
    able = ABILITIES[settings.engine]
    for name, neutral in _NO_ENGINE.items():
        if name in given and not _same(given[name], neutral):
            raise invalid(name, f"{_or_left_out(neutral)}, because this service cannot do it", given[name])
    offered = [tools for tools, choice in _TOOLS if _offers(given, tools, choice)]
    wanted = parse_ocr_options(given)
    if wanted.output is not None and wanted.output not in able.outputs:
        words = " or ".join(f"'{output}'" for output in able.outputs)
        raise _unable("ocr.output", f"{words} or left out", wanted.output, settings.engine)
    if wanted.mode is not None and not able.modes:
        raise _unable("ocr.mode", "left out", wanted.mode, settings.engine)
    if wanted.furniture is not None and not able.furniture:
        raise _unable("ocr.furniture", "left out", wanted.furniture, settings.engine)
    if wanted.lines and not able.lines:
        raise _unable("ocr.lines", "false or left out", True, settings.engine)
    guard = parse_guard(given, settings.vllm.guard)
    fields = check_sampling(given)
    if not able.draws:
        for name, neutral in _ONLY_BY_DRAWING.items():
            if name in fields and not _same(fields[name], neutral):
                raise _unable(name, _or_left_out(neutral), fields[name], settings.engine)
        if guard.others:
            raise _unable("vllm_xargs", "the repetition guard's or left out", dict(guard.others), settings.engine)
    return (*(name for name in given if name not in _KNOWN), *offered)


def _offers(given: Mapping[str, Json], tools: str, choice: str) -> bool:
    """Tell whether the client offers tools; refuse if it insists on a call."""
    offered = given.get(tools, [])
    if not isinstance(offered, list):
        raise invalid(tools, "a list", offered)
    chosen = given.get(choice, "auto")
    if chosen not in ("auto", "none"):
        raise invalid(choice, '"auto", "none" or left out, because this service calls no tools', chosen)
    return bool(offered) and chosen == "auto"


def _unable(param: str, wanted: str, value: Json, engine: str) -> RequestError:
    return RequestError(
        f"'{param}' must be {wanted}, not {show(value)}: engine {engine}, which answers here, cannot honour it.",
        param=param,
        code="unsupported_value",
    )


def _or_left_out(neutral: Json) -> str:
    return "left out" if neutral is None else f"{show(neutral)} or left out"


def _same(value: Json, neutral: Json) -> bool:
    # Python takes true for 1 and false for 0.
    return isinstance(value, bool) == isinstance(neutral, bool) and bool(value == neutral)
