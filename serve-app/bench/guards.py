"""Repetition guards to measure, by the names that they have in the results."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

PREFIX = "vllms_"
"""Before the names of the values of vLLM's own guard, which stands in the same engine as ours; see `vllms_guard.py`."""

CELLS = (128_821, 128_822)
"""<td> and </td>, which may always repeat."""


def _values(ngram_size: int, window_size: int, prefix: str = "") -> dict[str, Any]:
    return {
        f"{prefix}ngram_size": ngram_size,
        f"{prefix}window_size": window_size,
        f"{prefix}whitelist_token_ids": list(CELLS),
    }


DEFAULT = "ours 30/90"
WIDE = "ours 20/1024"
VLLMS = "vLLM's 30/90"
GUARDS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "off": {},
        DEFAULT: _values(30, 90),
        WIDE: _values(20, 1_024),
        VLLMS: _values(30, 90, PREFIX),
        "vLLM's 20/1024": _values(20, 1_024, PREFIX),
    }
)
"""`vllm_xargs` of a request."""
