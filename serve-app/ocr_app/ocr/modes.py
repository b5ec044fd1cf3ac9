"""DeepSeek-OCR's resolution modes: how large the model sees a page, and how many tokens that costs."""

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Mode = Literal["tiny", "small", "base", "large", "gundam"]

_PIXELS_PER_TOKEN_SIDE = 64  # patches of 16 pixels, four to a token in each direction


@dataclass(frozen=True, slots=True)
class ModeSize:
    """Sizes of one mode.

    Attributes:
        view: Side of the square that holds the whole page, in pixels.
        tile: Side of a tile, in pixels; 0 if the page is not tiled.
        squeeze: Whether the page is squeezed into the square (else padded to it, keeping its shape).
    """

    view: int
    tile: int = 0
    squeeze: bool = False


MODES: MappingProxyType[Mode, ModeSize] = MappingProxyType(
    {
        "tiny": ModeSize(512, squeeze=True),
        "small": ModeSize(640, squeeze=True),
        "base": ModeSize(1024),
        "large": ModeSize(1280),
        "gundam": ModeSize(1024, tile=640),
    }
)
"""As the reference pipeline has them (https://github.com/deepseek-ai/DeepSeek-OCR, config.py)."""


MODEL_TILES = 6
"""Most tiles of a page in mode gundam, as the reference pipeline has it."""

MOST_TILES = 9
"""Most tiles that the model can take; a further attempt at a page that loops may have them."""


def image_tokens(mode: Mode, columns: int = 1, rows: int = 1) -> int:
    """Return the prompt tokens of one image: the grid, a newline a row and one separator.

    Args:
        mode: Resolution mode.
        columns: Tiles across, in mode gundam.
        rows: Tiles down.
    """
    size = MODES[mode]
    side = math.ceil(size.view / _PIXELS_PER_TOKEN_SIDE)
    tokens = side * (side + 1) + 1
    if size.tile and columns * rows > 1:
        tile_side = math.ceil(size.tile / _PIXELS_PER_TOKEN_SIDE)
        tokens += tile_side * rows * (tile_side * columns + 1)
    return tokens
