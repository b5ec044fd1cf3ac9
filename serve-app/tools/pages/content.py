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


Element = Heading | Paragraph | Table | Columns


def markdown(elements: Sequence[Element]) -> str:
    """Return a page's text as Markdown, in reading order."""
    return "\n\n".join(part for element in elements for part in _parts(element)) + "\n"


def _parts(element: Element) -> Iterator[str]:
    if isinstance(element, Heading):
        yield f"{'#' * element.level} {element.text}"
    elif isinstance(element, Paragraph):
        yield f"**{element.text}**" if element.bold else element.text
    elif isinstance(element, Table):
        head, *body = element.rows
        yield "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *body))
    else:
        for inner in (*element.left, *element.right):
            yield from _parts(inner)
