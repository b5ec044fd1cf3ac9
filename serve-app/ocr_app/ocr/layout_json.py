"""The structured layout of pages, in the one format that every engine speaks."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ocr_app.engine.types import Json

PixelBox = tuple[int, int, int, int]
"""Left, top, right and bottom in whole pixels of the upright image."""


@dataclass(frozen=True, slots=True)
class LayoutBlock:
    """A part of a page.

    Attributes:
        label: What it is, such as `title`, `sub_title`, `text`, `table`, `image`, `equation` or `table_caption`.
        text: Its text as Markdown; of a table as HTML, which has cells over several columns.
        boxes: Its places on the image; empty if they are not known.
        problems: What was wrong with the model's words for it; see `ocr_app.ocr.grounding.blocks.Block`.
    """

    label: str
    text: str
    boxes: tuple[PixelBox, ...] = ()
    problems: tuple[str, ...] = ()


def page_json(index: int, width: int, height: int, blocks: Sequence[LayoutBlock]) -> dict[str, Json]:
    """Return one page of the layout.

    Args:
        index: Of the image in the request, from 0.
        width: Of the upright image, in pixels.
        height: Of the upright image, in pixels.
        blocks: In reading order.

    Returns:
        `{index, width, height, blocks: [{label, text, boxes: [[left, top, right, bottom], …], problems?}, …]}`.
    """
    return {
        "index": index,
        "width": width,
        "height": height,
        "blocks": [
            {
                "label": block.label,
                "text": block.text,
                "boxes": [list(box) for box in block.boxes],
                **({"problems": list(block.problems)} if block.problems else {}),
            }
            for block in blocks
        ],
    }


def piece_of_answer(page: dict[str, Json], *, first: bool, last: bool) -> str:
    """Return what a page adds to an answer that is the layout: JSON once the last one has come."""
    text = json.dumps(page, ensure_ascii=False)
    return ('{"pages": [' if first else "") + text + ("]}" if last else ", ")
