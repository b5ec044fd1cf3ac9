"""Blocks as text: Markdown, or plain."""

import re

from ocr_app.engine.cpu.layout.types import Block

# What Markdown would take for markup at the beginning of a paragraph.
_LOOKS_LIKE_MARKUP = re.compile(r"^(#{1,6}(?=\s)|>|[-+*](?=\s)|```|---+$|===+$)")
_BULLET = re.compile(r"^[•·‣▪■●○◦–—*-]\s*")


def to_markdown(block: Block) -> str:
    """Return a block as Markdown, on one line but for tables."""
    if block.kind == "heading":
        return f"{'#' * block.level} {block.text}"
    if block.kind == "item":
        return _BULLET.sub("- ", block.text)
    if block.kind == "table":
        return _table(block.rows)
    return _LOOKS_LIKE_MARKUP.sub(r"\\\1", block.text)


def to_plain_text(block: Block) -> str:
    """Return a block without markup; a table's cells are separated by tabs."""
    if block.kind == "table":
        return "\n".join("\t".join(cells) for cells in block.rows)
    return block.text


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    head, *body = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
