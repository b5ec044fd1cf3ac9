"""Blocks of a page in the layout format, which the vLLM engine speaks too."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from ocr_app.engine.cpu.layout.markdown import to_markdown
from ocr_app.engine.cpu.layout.regions import region_of
from ocr_app.engine.cpu.layout.types import Block, Box, Line, Region
from ocr_app.ocr.layout_json import LayoutBlock, PixelBox

_OF_KINDS: Mapping[str, str] = {
    "table": "table",
    "picture": "image",
    "head": "header",
    "foot": "footer",
    "page_number": "page_number",
    "margin": "margin",
}
_OF_REGIONS: Mapping[str, str] = {
    "figure_caption": "image_caption",
    "table_caption": "table_caption",
    "equation": "equation",
    "reference": "reference",
}


def layout_block(block: Block, regions: Sequence[Region], place_of: Callable[[Box], PixelBox]) -> LayoutBlock:
    """Return a block with the label that DeepSeek-OCR would give it.

    Args:
        block: Of the straightened page.
        regions: What the layout model sees there.
        place_of: Where a box of the straightened page lies on the image.
    """
    text = _html(block.rows) if block.kind == "table" else to_markdown(block)
    return LayoutBlock(_label(block, regions), text, (place_of(block.box),))


def _label(block: Block, regions: Sequence[Region]) -> str:
    if block.kind == "heading":
        return "title" if block.level == 1 else "sub_title"
    if block.kind in _OF_KINDS:
        return _OF_KINDS[block.kind]
    region = region_of((Line(block.text, block.box),), regions)
    return "text" if region is None else _OF_REGIONS.get(region.label, "text")


def _html(rows: tuple[tuple[str, ...], ...]) -> str:
    return (
        "<table>"
        + "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
        + "</table>"
    )
