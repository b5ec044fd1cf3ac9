"""The fields of a request that only this application knows, checked before a GPU is woken.

`ocr: {"output": "raw|markdown|layout", "mode": "tiny|small|base|large|gundam", "furniture": "keep|drop",
"lines": true|false}`, `response_format`, and vLLM's `vllm_xargs` with the values of the repetition guard.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, get_args

from ocr_app.engine.types import Json, RequestError
from ocr_app.ocr.invalid import check_token_ids, invalid, is_whole, show
from ocr_app.ocr.modes import Mode
from ocr_app.ocr.prompts import OutputKind
from ocr_app.settings import GuardSettings
from ocr_app.settings.repetition import MAX_NGRAM, MAX_WINDOW

FurnitureChoice = Literal["keep", "drop"]
"""What happens to running heads and feet, page numbers and text along the margins."""

_OUTPUTS: tuple[OutputKind, ...] = get_args(OutputKind)
_MODES: tuple[Mode, ...] = get_args(Mode)
_FURNITURE: tuple[FurnitureChoice, ...] = get_args(FurnitureChoice)
_KNOWN = ("output", "mode", "furniture", "lines", "pages", "password")
"""The last two are about documents: the Api reads them, and no engine sees them (`ocr_app/api/document_options.py`)."""

LAYOUT_FORMAT = "ocr_layout"
"""Name of the JSON schema by which `response_format` asks for the layout."""

_T = TypeVar("_T", bound=str)


@dataclass(frozen=True, slots=True)
class OcrOptions:
    """What the request says about reading pages.

    Attributes:
        output: Kind of output; None if the prompt's rule decides.
        mode: Resolution mode; None for the default.
        furniture: What happens to page furniture; None if the output decides.
        lines: Whether the answer lists the lines of each page with their boxes.
    """

    output: OutputKind | None = None
    mode: Mode | None = None
    furniture: FurnitureChoice | None = None
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Guard:
    """The repetition guard of one request.

    Attributes:
        ngram_size: No run of this many tokens occurs twice within the window; None switches the guard off.
        window_size: In tokens, counted back from the newest.
        whitelist: Token ids that may always repeat.
        others: Every other key of `vllm_xargs`, for other logits processors.
    """

    ngram_size: int | None
    window_size: int
    whitelist: tuple[int, ...]
    others: Mapping[str, Json]

    def xargs(self) -> dict[str, Json]:
        """Return the `vllm_xargs` for vLLM."""
        if self.ngram_size is None:
            return dict(self.others)
        return {
            **self.others,
            "ngram_size": self.ngram_size,
            "window_size": self.window_size,
            "whitelist_token_ids": list(self.whitelist),
        }

    def tightened(self, ngram_size: int | None, window_size: int | None) -> "Guard":
        """Return the guard with other sizes, for another attempt; None keeps a size."""
        return replace(self, ngram_size=ngram_size or self.ngram_size, window_size=window_size or self.window_size)


def parse_ocr_options(options: Mapping[str, Json]) -> OcrOptions:
    """Read `ocr` and `response_format` of a request body.

    Raises:
        RequestError: 400, naming the field and what it may be.
    """
    ocr = options.get("ocr")
    if ocr is None:
        ocr = {}
    if not isinstance(ocr, dict):
        raise invalid("ocr", 'an object such as {"output": "markdown"}', ocr)
    for key in ocr:
        if key not in _KNOWN:
            name = f"ocr.{_short(key)}"
            known = ", ".join(f"'{field}'" for field in _KNOWN)
            raise RequestError(f"Unknown field '{name}'; known are {known}.", param=name, code="unknown_field")
    output = _one_of(ocr.get("output"), _OUTPUTS, "ocr.output")
    asked = _parse_response_format(options.get("response_format"))
    if asked is not None and output not in (None, asked):
        raise RequestError(
            f"'ocr.output' is '{output}', but 'response_format' asks for '{asked}': leave one of them out.",
            param="response_format",
            code="invalid_value",
        )
    return OcrOptions(
        output=output or asked,
        mode=_one_of(ocr.get("mode"), _MODES, "ocr.mode"),
        furniture=_one_of(ocr.get("furniture"), _FURNITURE, "ocr.furniture"),
        lines=_yes_or_no(ocr.get("lines"), "ocr.lines"),
    )


def parse_guard(options: Mapping[str, Json], defaults: GuardSettings) -> Guard:
    """Read `vllm_xargs` of a request body, filling in what the client left out.

    A client that gives an `ngram_size` of null switches the guard off.

    Raises:
        RequestError: 400, naming the field and what it may be. For a whitelist of strings vLLM itself reports no error.
    """
    xargs = options.get("vllm_xargs")
    if xargs is None:
        xargs = {}
    if not isinstance(xargs, dict):
        raise invalid("vllm_xargs", "an object", xargs)
    others = {key: value for key, value in xargs.items() if key not in _GUARD_KEYS}
    for key, value in others.items():
        if not _is_xarg(value):
            raise invalid(f"vllm_xargs.{_short(key)}", "a string, a number or a list of them", value)
    ngram_size = None
    if "ngram_size" not in xargs or xargs["ngram_size"] is not None:
        ngram_size = _whole(xargs.get("ngram_size", defaults.ngram_size), 2, MAX_NGRAM, "vllm_xargs.ngram_size")
    window_size = _whole(xargs.get("window_size", defaults.window_size), 1, MAX_WINDOW, "vllm_xargs.window_size")
    whitelist = xargs.get("whitelist_token_ids", defaults.whitelist_token_ids)
    if not isinstance(whitelist, (list, tuple)):
        raise invalid("vllm_xargs.whitelist_token_ids", "a list of token ids (integers)", whitelist)
    check_token_ids("vllm_xargs.whitelist_token_ids", whitelist)
    return Guard(ngram_size=ngram_size, window_size=window_size, whitelist=tuple(whitelist), others=others)


_GUARD_KEYS = ("ngram_size", "window_size", "whitelist_token_ids")


def _parse_response_format(value: Json) -> OutputKind | None:
    if value is None:
        return None
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "text":
        return None
    if kind == "json_object":
        return "layout"
    if kind == "json_schema":
        schema = value.get("json_schema")
        name = schema.get("name") if isinstance(schema, dict) else None
        if name == LAYOUT_FORMAT:
            return "layout"
        raise RequestError(
            f"'response_format.json_schema.name' must be '{LAYOUT_FORMAT}' (the page's blocks with labels, text and "
            f"pixel boxes), not {show(name)}: the model cannot follow other schemas.",
            param="response_format.json_schema.name",
            code="invalid_value",
        )
    raise invalid("response_format", '{"type": "text"}, {"type": "json_object"} or a json_schema', value)


def _one_of(value: Json, choices: tuple[_T, ...], param: str) -> _T | None:
    if value is None:
        return None
    for choice in choices:
        if value == choice:
            return choice
    raise invalid(param, "one of " + ", ".join(f"'{choice}'" for choice in choices), value)


def _yes_or_no(value: Json, param: str) -> bool:
    if value is not None and not isinstance(value, bool):
        raise invalid(param, "true or false", value)
    return bool(value)


def _whole(value: Json, low: int, high: int, param: str) -> int:
    if not is_whole(value, low, high):
        raise invalid(param, f"a whole number from {low} to {high:,}", value)
    return value


def _is_xarg(value: Json) -> bool:
    scalar = (str, int, float)
    return isinstance(value, scalar) or (isinstance(value, list) and all(isinstance(item, scalar) for item in value))


def _short(key: str) -> str:
    return key if len(key) <= 40 else key[:39] + "…"
