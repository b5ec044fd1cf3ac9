"""Which of the layout model's regions are meant, and which of them a line or a block belongs to."""

from collections.abc import Sequence

from ocr_app.engine.cpu.layout.types import Box, Line, Region

_SURE = 0.6
"""Score from which on a region counts."""


def region_of(lines: Sequence[Line], regions: Sequence[Region]) -> Region | None:
    """Return the smallest region that holds the middles of all lines and is sure enough; None if there is none."""
    holding = [
        region for region in regions if region.score >= _SURE and all(region.box.holds(line.box) for line in lines)
    ]
    return min(holding, key=lambda region: region.box.width * region.box.height, default=None)


def heads_and_feet(regions: Sequence[Region]) -> list[Box]:
    """Return what the model takes for running heads and feet."""
    return [region.box for region in regions if region.label in ("header", "footer") and region.score >= _SURE]
