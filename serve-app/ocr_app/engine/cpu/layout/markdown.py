"""Blocks as text: Markdown, or plain."""

import re

from ocr_app.engine.cpu.layout.escape import escape_cell, escape_heading, escape_line
from ocr_app.engine.cpu.layout.types import Block

_TO_TICK = re.compile(r"^(?:([☑☒]|\[[xX]\])|[☐□]|\[ ?\])\s*(?=\S)")
_BULLET = re.compile(r"^[•·‣▪■●○◦–—*-]\s*")
_NUMBER = re.compile(r"^\d{1,3}[.)]\s+")


def to_markdown(block: Block) -> str:
    """Return a block as Markdown, empty for a picture; two spaces end a line that ends on the page."""
    if block.kind == "heading":
        return f"{'#' * block.level} {escape_heading(block.text)}"
    if block.kind == "item":
        return _set_in(_item(block.text), block.indent)
    if block.kind == "table":
        return _table(block.rows)
    if block.kind == "code":
        return _fenced(block.text)
    return _lines(block.text)


def to_plain_text(block: Block) -> str:
    """Return a block without markup; a table's cells are separated by tabs, and an empty head is left out."""
    if block.kind == "table":
        return "\n".join("\t".join(cells) for cells in block.rows if any(cells))
    return block.text


def _item(text: str) -> str:
    if box := _TO_TICK.match(text):
        return ("- [x] " if box[1] else "- [ ] ") + _lines(text[box.end() :], indent=2)
    if bullet := _BULLET.match(text):
        return "- " + _lines(text[bullet.end() :], indent=2)
    if number := _NUMBER.match(text):
        return number[0] + _lines(text[number.end() :], indent=number.end())
    return _lines(text)


def marker_width(text: str) -> int:
    """Return how many characters the Markdown marker of an item takes, 0 if Markdown has no such marker."""
    if _TO_TICK.match(text) or _BULLET.match(text):
        return 2
    number = _NUMBER.match(text)
    return number.end() if number else 0


def _set_in(text: str, indent: int) -> str:
    return "\n".join(" " * indent + line for line in text.split("\n"))


def _fenced(text: str) -> str:
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _lines(text: str, indent: int = 0) -> str:
    return ("  \n" + " " * indent).join(map(escape_line, text.split("\n")))


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    head, *body = [[escape_cell(cell) for cell in row] for row in rows]
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
