"""A page as data: what is on it, which gives both the drawing and the text that a good reading returns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the page's title."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Cells, the first row being the head."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Two columns side by side; the left one is read first."""

    left: tuple["Heading | Paragraph", ...]
    right: tuple["Heading | Paragraph", ...]


Block = Heading | Paragraph | Table | Columns


def markdown(blocks: Sequence[Block]) -> str:
    """Return a page's text as Markdown, in reading order."""
    return "\n\n".join(part for block in blocks for part in _parts(block)) + "\n"


def _parts(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"{'#' * block.level} {block.text}"
    elif isinstance(block, Paragraph):
        yield f"**{block.text}**" if block.bold else block.text
    elif isinstance(block, Table):
        head, *body = block.rows
        yield "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *body))
    else:
        for inner in (*block.left, *block.right):
            yield from _parts(inner)
