"""The blocks of a page: read from the model's output, written in its language, moved within the page."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ocr_app.ocr.grounding.boxes import SCALE, Box
from ocr_app.ocr.grounding.scanner import Det, Ref, scan
from ocr_app.ocr.prompts import Refs

PICTURES = frozenset({"image", "figure", "chart", "seal"})
"""Labels of blocks that have no text of their own."""

CENTER = re.compile(r"</?center>")
"""What the model writes around captions, which is not Markdown."""

_TABLES = re.compile(r"<table\b(?:.*</table>|.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a page, in reading order.

    Attributes:
        label: What the model said, in lower case (title, sub_title, text, table, image, equation, …); `text` for
            words without a head.
        text: Markdown of the block, without marks; tables are HTML, as the model writes them.
        boxes: Its places on the image; empty if the model did not say.
        problems: What was wrong with its head: `unclosed_ref`, `unclosed_det`, `no_ref`, `no_det`, `bad_box` (left
            out), `clipped_box`, `swapped_box`.
    """

    label: str
    text: str
    boxes: tuple[Box, ...] = ()
    problems: tuple[str, ...] = ()


def parse(output: str, refs: Refs = "labels") -> tuple[Block, ...]:
    """Return the blocks of a page; never raises. A block with neither text nor box is left out.

    Args:
        output: The model's raw output.
        refs: What `<|ref|>` holds; see `ocr_app.ocr.prompts.refs_of`.
    """
    blocks: list[Block] = []
    label, boxes, problems, texts = "text", [], [], []  # type: str, list[Box], list[str], list[str]
    has_ref = has_det = False

    def finish() -> None:
        nonlocal label, has_ref, has_det
        text = "".join(texts).strip()
        if text or boxes:
            missing = ["no_ref"] if has_det and not has_ref else ["no_det"] if has_ref and not has_det else []
            blocks.append(Block(label, text, tuple(boxes), tuple(dict.fromkeys(problems + missing))))
        label, has_ref, has_det = "text", False, False
        for gathered in (boxes, problems, texts):
            gathered.clear()

    for event in scan(output):
        if isinstance(event, Ref):
            finish()
            has_ref = True
            problems.extend([] if event.closed else ["unclosed_ref"])
            if refs == "texts":
                texts.append(event.text)
            else:
                label = event.text.lower() or "text"
        elif isinstance(event, Det):
            if has_det or (texts and not has_ref):
                finish()
            has_det = True
            boxes.extend(event.boxes)
            problems.extend(event.problems)
        else:
            if refs == "texts" and has_ref and event.text.strip():
                finish()
            texts.append(event.text)
    finish()
    return tuple(_with_tables(blocks))


def is_caption(label: str) -> bool:
    """Tell whether a block is the caption of another."""
    return label.endswith("caption")


def _with_tables(blocks: Sequence[Block]) -> Iterable[Block]:
    """Put tables into their blocks.

    If a table has a caption, the model writes both heads first, then the caption, then the table, whether the caption
    is above or below it on the page.
    """
    blocks = list(blocks)
    for index, block in enumerate(blocks):
        if block.label != "table" or block.text:
            continue
        for later in range(index + 1, len(blocks)):
            caption = blocks[later]
            if not caption.label.startswith("table_"):
                break
            found = _TABLES.search(caption.text)
            if found is not None:
                rest = (caption.text[: found.start()].strip(), caption.text[found.end() :].strip())
                blocks[index] = replace(block, text=found.group())
                blocks[later] = replace(caption, text="\n\n".join(filter(None, rest)))
                break
    return blocks


def serialize(blocks: Iterable[Block], refs: Refs = "labels") -> str:
    """Return blocks in the model's own language; `parse` undoes it."""
    parts = []
    for block in blocks:
        boxes = ", ".join(f"[{box.x1}, {box.y1}, {box.x2}, {box.y2}]" for box in block.boxes)
        if not boxes:
            parts.append(f"{block.text}\n")
        elif refs == "texts":
            parts.append(f"<|ref|>{block.text}<|/ref|><|det|>[{boxes}]<|/det|>\n")
        else:
            parts.append(f"<|ref|>{block.label}<|/ref|><|det|>[{boxes}]<|/det|>\n{block.text}\n\n")
    return "".join(parts)


def shift(block: Block, *, top: float, share: float) -> Block:
    """Return a block of a horizontal strip in the coordinates of the whole image.

    Args:
        block: With boxes in the strip's coordinates.
        top: Where the strip begins, as a share of the image's height.
        share: Height of the strip, as a share of the image's height.
    """
    boxes = tuple(
        Box(box.x1, round(top * SCALE + box.y1 * share), box.x2, min(SCALE, round(top * SCALE + box.y2 * share)))
        for box in block.boxes
    )
    return replace(block, boxes=boxes)
