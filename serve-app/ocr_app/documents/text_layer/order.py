"""Lines in the order in which they are read."""

from collections.abc import Sequence

from ocr_app.documents.text_layer.types import TextLine
from ocr_app.ocr.layout_json import LayoutBlock


def in_reading_order(lines: Sequence[TextLine], blocks: Sequence[LayoutBlock]) -> list[TextLine]:
    """Return lines, which come from top to bottom, in the order of the blocks that they stand in.

    So what is copied from two columns has one after the other. A line stands in the smallest box that its middle is
    in; one outside of all boxes stays after the line that it came after.
    """
    boxes = sorted(
        ((box[2] - box[0]) * (box[3] - box[1]), rank, box) for rank, block in enumerate(blocks) for box in block.boxes
    )
    ranks: list[int] = []
    for line in lines:
        x = sum(point[0] for point in line.quad) / 4
        y = sum(point[1] for point in line.quad) / 4
        inside = (rank for _, rank, (left, top, right, bottom) in boxes if left <= x <= right and top <= y <= bottom)
        ranks.append(next(inside, ranks[-1] if ranks else -1))
    return [line for _, line in sorted(zip(ranks, lines, strict=True), key=lambda pair: pair[0])]
