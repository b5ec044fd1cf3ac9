"""Which region of the layout model a block or a line belongs to."""

from collections.abc import Sequence

from ocr_app.engine.cpu.layout.types import Line, Region


def region_of(lines: Sequence[Line], regions: Sequence[Region], *, least_score: float = 0.6) -> Region | None:
    """Return the smallest region that holds the middles of all lines and is sure enough; None if there is none."""
    holding = [
        region
        for region in regions
        if region.score >= least_score and all(region.box.holds(line.box) for line in lines)
    ]
    return min(holding, key=lambda region: region.box.width * region.box.height, default=None)
