"""The text of pages from JSON: the shapes of the API's `ocr.pages` and `ocr.layout.pages`, together."""

from collections.abc import Mapping

from ocr_app.documents.text_layer.types import PageText, TextLine, line_in_box
from ocr_app.engine.types import Json
from ocr_app.ocr.layout_json import LayoutBlock


def page_text(page: Mapping[str, Json]) -> PageText:
    """Return the text of a page.

    Args:
        page: `index`, of the page in the document, from 0; `width` and `height` of its upright image in pixels; and
            `lines`, `blocks` or both. A line has `text`, and `box` (left, top, right, bottom in pixels of the upright
            image) or `quad` (its four corners, `[x, y]` each, from the top left clockwise, as the text stands); a
            block has `label`, `text` and `boxes`. `turned_degrees`, anticlockwise, and `skew_degrees`, by which lines
            sink to the right, may be left out. All else is not looked at.

    Raises:
        KeyError: Something is missing.
        ValueError: `turned_degrees` is no quarter turn.
    """
    turned = int(page.get("turned_degrees") or 0)
    if turned % 90:
        raise ValueError(f"turned_degrees must be 0, 90, 180 or 270, but is {turned}")
    skew = float(page.get("skew_degrees") or 0)
    return PageText(
        index=page["index"],
        width=page["width"],
        height=page["height"],
        lines=[_line(line, skew) for line in page.get("lines") or ()],
        blocks=[
            LayoutBlock(block["label"], block["text"], tuple((b[0], b[1], b[2], b[3]) for b in block["boxes"]))
            for block in page.get("blocks") or ()
        ],
        quarter_turns=turned // 90,
    )


def _line(line: Mapping[str, Json], skew: float) -> TextLine:
    if "quad" in line:
        first, second, third, fourth = ((x, y) for x, y in line["quad"])
        return TextLine(line["text"], (first, second, third, fourth))
    left, top, right, bottom = line["box"]
    return line_in_box(line["text"], (left, top, right, bottom), skew)
