"""What of a request's options each engine can honour."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import get_args

from ocr_app.ocr.prompts import OutputKind


@dataclass(frozen=True, slots=True)
class Abilities:
    """What an engine can do.

    Attributes:
        outputs: Values of `ocr.output` that it can return.
        modes: Whether it has resolution modes (`ocr.mode`).
        draws: Whether it draws its text token by token, so that vLLM's sampling fields can change the text.
    """

    outputs: tuple[OutputKind, ...]
    modes: bool
    draws: bool


_ALL = Abilities(outputs=get_args(OutputKind), modes=True, draws=True)

ABILITIES: Mapping[str, Abilities] = MappingProxyType(
    {
        "vllm": _ALL,
        "cpu": Abilities(outputs=("markdown",), modes=False, draws=False),
        # Its words are made up: it stands in for any engine.
        "null": _ALL,
    }
)
"""By the name of the engine in the settings."""
