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
        furniture: Whether it knows running heads and page numbers from the text (`ocr.furniture`).
        lines: Whether it knows the lines of a page (`ocr.lines`).
        draws: Whether it draws its text token by token, so that vLLM's sampling fields can change the text.
    """

    outputs: tuple[OutputKind, ...]
    modes: bool
    furniture: bool
    lines: bool
    draws: bool


_OUTPUTS = get_args(OutputKind)

ABILITIES: Mapping[str, Abilities] = MappingProxyType(
    {
        # The model itself leaves out what it takes for furniture, and has no word for it.
        "vllm": Abilities(outputs=_OUTPUTS, modes=True, furniture=False, lines=False, draws=True),
        "cpu": Abilities(outputs=("markdown", "layout"), modes=False, furniture=True, lines=True, draws=False),
        # Its words are made up: it stands in for any engine.
        "null": Abilities(outputs=_OUTPUTS, modes=True, furniture=True, lines=False, draws=True),
    }
)
"""By the name of the engine in the settings."""
