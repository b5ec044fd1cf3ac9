"""One page of an answer of `POST /v1/ocr`, from what an engine says of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ocr_app.api.mistral.tables import to_pipes
from ocr_app.api.page_marker import page_marker
from ocr_app.ocr.grounding.blocks import PICTURES, is_caption
from ocr_app.ocr.layout_json import LayoutBlock, PixelBox

TableFormat = Literal["markdown", "html"]

_TYPES = {
    "title": "title",
    "sub_title": "title",
    "table": "table",
    "equation": "equation",
    "code": "code",
    "list": "list",
    "reference": "references",
    "header": "header",
    "footer": "footer",
    "page_number": "footer",
    "margin": "aside_text",
}
"""Our labels as Mistral's types. Pictures are `image`, captions of anything `caption`, all else `text`."""

_FURNITURE = frozenset(("header", "footer", "page_number", "margin"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks of each page.

    Attributes:
        blocks: List the blocks.
        table_format: Set tables apart, in this format; None leaves them in the text.
        header: Set the running head apart.
        footer: Set the running foot and the page number apart.
        image_min_size: Pictures that are less wide or high, in pixels, are no images.
        image_limit: Most images of the document; None for all.
        confidence: Say how sure the engine is.
    """

    blocks: bool = False
    table_format: TableFormat | None = None
    header: bool = False
    footer: bool = False
    image_min_size: int = 0
    image_limit: int | None = None
    confidence: bool = False


@dataclass(frozen=True, slots=True)
class PageText:
    """What is known of a page.

    Attributes:
        index: Of the page in its document, from 0.
        markdown: As the engine wrote it.
        blocks: The layout, in reading order; empty if the engine gave none.
        width: Of the upright image, in pixels; 0 if the page was not drawn.
        height: Likewise.
        dpi: Of the image.
        verdict: As in `ocr.verdicts` of a chat completion; None if there is none.
        confidence: Average and least over the page, 0 to 1; None if the engine does not know.
    """

    index: int
    markdown: str
    blocks: Sequence[LayoutBlock] = ()
    width: int = 0
    height: int = 0
    dpi: int = 0
    verdict: str | None = None
    confidence: tuple[float, float] | None = None


@dataclass(slots=True)
class Numbers:
    """Counts images and tables through the pages of one document, so that their ids are unique in it."""

    images: int = 0
    tables: int = 0


@dataclass(slots=True)
class _Parts:
    markdown: list[str] = field(default_factory=list)
    images: list[dict[str, Any]] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    blocks: list[dict[str, Any]] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)


def page_object(
    page: PageText, wanted: Wanted, numbers: Numbers, crop: Callable[[PixelBox], str | None] | None = None
) -> dict[str, Any]:
    """Return a page as Mistral's clients read it.

    The text is the engine's own, unless something of it is set apart or has to be named in it: a picture, a table, the
    head or the foot. Then it is put together from the blocks.

    Args:
        page: What is known of it.
        wanted: What the request asks.
        numbers: Of the document; they go on counting.
        crop: Cuts a picture out of the page and returns it as a data URI, or None if it cannot; None if no images
            are asked for.
    """
    parts = _Parts()
    for block in page.blocks:
        _take(block, page, wanted, numbers, crop, parts)
    pictured = any(block.label in PICTURES for block in page.blocks)
    apart = pictured or bool(parts.tables or parts.header or parts.footer)
    found: dict[str, Any] = {
        "index": page.index,
        "markdown": "\n\n".join(filter(None, parts.markdown)) if apart else page.markdown,
        "images": parts.images,
        "dimensions": _dimensions(page),
    }
    if wanted.table_format:
        found["tables"] = parts.tables
    if wanted.header:
        found["header"] = "\n".join(parts.header) or None
    if wanted.footer:
        found["footer"] = "\n".join(parts.footer) or None
    if wanted.blocks:
        found["blocks"] = parts.blocks
    if wanted.confidence and page.confidence:
        average, least = page.confidence
        found["confidence_scores"] = {"average_page_confidence_score": average, "minimum_page_confidence_score": least}
    return found | ({"ocr": {"verdict": page.verdict}} if page.verdict else {})


def failed_page(page: PageText, wanted: Wanted, message: str, code: str) -> dict[str, Any]:
    """Return a page that could not be read. It keeps its place, and its text says so: no page is left out silently.

    Args:
        page: With its index, and its size if it was drawn.
        wanted: What the request asks. A client of the blocks, which may look at nothing else, gets the words as one.
        message: Why, for the client; it begins with the page, such as "Page 3: ".
        code: The same in one word.
    """
    text = page_marker(message)
    blocks = {"blocks": [_block("text", text, None, page, {})]} if wanted.blocks else {}
    return {
        "index": page.index,
        "markdown": text,
        "images": [],
        "dimensions": _dimensions(page),
        **blocks,
        "ocr": {"error": {"message": message, "code": code}},
    }


def _dimensions(page: PageText) -> dict[str, int] | None:
    return {"dpi": page.dpi, "height": page.height, "width": page.width} if page.width and page.height else None


def _take(
    block: LayoutBlock,
    page: PageText,
    wanted: Wanted,
    numbers: Numbers,
    crop: Callable[[PixelBox], str | None] | None,
    parts: _Parts,
) -> None:
    kind = _type(block.label)
    if kind == "image":
        _pictures(block, wanted, numbers, crop, parts)
        return
    extra: dict[str, str] = {}
    if kind == "table" and wanted.table_format:
        extra["table_id"] = _table(block.text, wanted.table_format, numbers, parts)
    elif kind == "header" and wanted.header:
        parts.header.append(block.text)
    elif kind == "footer" and wanted.footer:
        parts.footer.append(block.text)
    elif block.label not in _FURNITURE or f"\n{block.text}\n" in f"\n{page.markdown}\n":
        # Furniture that the engine has left out of its text stays out.
        parts.markdown.append(_in_text(block, page.markdown))
    parts.blocks.append(_block(kind, block.text, _around(block.boxes), page, extra))


def _type(label: str) -> str:
    if label in PICTURES:
        return "image"
    return "caption" if is_caption(label) else _TYPES.get(label, "text")


def _in_text(block: LayoutBlock, markdown: str) -> str:
    """Return a block's text; of a table that which the engine wrote into its Markdown, HTML or pipes."""
    if block.label != "table" or block.text in markdown:
        return block.text
    return to_pipes(block.text) or block.text


def _table(html: str, wanted: TableFormat, numbers: Numbers, parts: _Parts) -> str:
    pipes = to_pipes(html) if wanted == "markdown" else None
    name = f"tbl-{numbers.tables}.{'html' if pipes is None else 'md'}"
    numbers.tables += 1
    content, written = (html, "html") if pipes is None else (pipes, "markdown")
    parts.tables.append({"id": name, "content": content, "format": written})
    parts.markdown.append(f"[{name}]({name})")
    return name


def _pictures(
    block: LayoutBlock, wanted: Wanted, numbers: Numbers, crop: Callable[[PixelBox], str | None] | None, parts: _Parts
) -> None:
    for box in block.boxes:
        left, top, right, bottom = box
        if min(right - left, bottom - top) < max(wanted.image_min_size, 1):
            continue
        if wanted.image_limit is not None and numbers.images >= wanted.image_limit:
            continue
        name = f"img-{numbers.images}.jpeg"
        numbers.images += 1
        data = None if crop is None else crop(box)
        parts.images.append({"id": name, **_corners(box), "image_base64": data, "image_annotation": None})
        parts.markdown.append(f"![{name}]({name})")
        parts.blocks.append({"type": "image", **_corners(box), "content": block.text, "image_id": name})
    if block.text:
        parts.markdown.append(block.text)


def _block(kind: str, text: str, box: PixelBox | None, page: PageText, extra: dict[str, str]) -> dict[str, Any]:
    # Mistral's SDK refuses a block without a place. All of the page is true, and is marked as no more than that.
    marked = {} if box else {"ocr": {"box": "unknown"}}
    return {"type": kind, **_corners(box or (0, 0, page.width, page.height)), "content": text, **extra, **marked}


def _around(boxes: Sequence[PixelBox]) -> PixelBox | None:
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _corners(box: PixelBox) -> dict[str, int]:
    left, top, right, bottom = box
    return {"top_left_x": left, "top_left_y": top, "bottom_right_x": right, "bottom_right_y": bottom}
