"""What the layout works on: lines with boxes in, blocks out. All lengths are pixels, y grows downwards."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Literal, get_args


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The y halfway down."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """The x halfway across."""
        return (self.left + self.right) / 2

    def holds(self, other: "Box") -> bool:
        """Whether the middle of another box lies inside."""
        return self.left < other.centre < self.right and self.top < other.middle < self.bottom


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or a piece of one, as the recognizer read it.

    Attributes:
        text: Its characters.
        box: Its place on the straightened page.
        confidence: Mean probability of the characters, 0 to 1.
        positions: The x of each character's centre; empty where unknown.
        vertical: Whether it runs up or down the page.
        apart: Whether it is made of pieces with wide gaps between them, as the lines of a receipt are.
        across: Whether it is large and slanted or pale, as watermarks and stamps are.
    """

    text: str
    box: Box
    confidence: float = 1.0
    positions: tuple[float, ...] = ()
    vertical: bool = False
    apart: bool = False
    across: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the page, as the layout model sees it.

    Attributes:
        label: `text`, `title`, `figure`, `figure_caption`, `table`, `table_caption`, `header`, `footer`, `reference` or
            `equation`.
        box: Its place on the straightened page.
        score: How sure the model is, 0 to 1.
    """

    label: str
    box: Box
    score: float


FurnitureKind = Literal["page_number", "head", "foot", "margin"]
"""What stands on a page and is not part of its text."""

FURNITURE: tuple[FurnitureKind, ...] = get_args(FurnitureKind)

BlockKind = Literal["heading", "paragraph", "item", "table", "code", "picture"] | FurnitureKind


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the page in reading order.

    Attributes:
        kind: What it is; `item` is an entry of a list, its marker included in the text.
        text: Its text; on several lines if they end on purpose, as those of an address do. Empty for tables
            and pictures.
        box: Its place on the straightened page.
        level: Of a heading, 1 to 3; otherwise 0.
        indent: Of an item: the width of the Markdown markers of the items that it belongs to, in characters.
        rows: Of a table: its cells, equally many in each row; the first row is the head, with empty texts if there is
            none.
    """

    kind: BlockKind
    text: str
    box: Box
    level: int = 0
    indent: int = 0
    rows: tuple[tuple[str, ...], ...] = field(default=())


def union(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around others; there must be one."""
    around = list(boxes)
    return Box(
        min(box.left for box in around),
        min(box.top for box in around),
        max(box.right for box in around),
        max(box.bottom for box in around),
    )


def overlap(low_a: float, high_a: float, low_b: float, high_b: float) -> float:
    """Return the length that two intervals share, 0 if they do not."""
    return max(0.0, min(high_a, high_b) - max(low_a, low_b))


def text_height(lines: Iterable[Line]) -> float:
    """Return the height of the running text: the median of the lines, each counted by its characters; 0 for none."""
    heights = [line.box.height for line in lines for _ in range(max(1, len(line.text) // 8))]
    return median(heights) if heights else 0.0
