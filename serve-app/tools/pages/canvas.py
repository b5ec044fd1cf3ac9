"""Paper: a white page that is written from top to bottom. All lengths are pixels."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from tools.pages import fonts


@dataclass(frozen=True, slots=True)
class Style:
    """How text looks.

    Attributes:
        font: See `fonts.load`.
        size: Of the font, in pixels.
        leading: Height of a line, in font sizes.
        after: Space below a paragraph, in font sizes.
        breaks_anywhere: Whether a line may end between any two characters, as in Chinese; else between words.
    """

    font: str
    size: int
    leading: float
    after: float
    breaks_anywhere: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """How a table looks.

    Attributes:
        row_height: In pixels.
        left: From the left edge of a cell to its text, in pixels.
        top: From the upper edge of a row to its text, in pixels.
        rule: Width of the lines around the cells, in pixels; 0 for none.
    """

    row_height: float
    left: float = 0
    top: float = 0
    rule: int = 0


class Canvas:
    """A white page.

    Args:
        width: Of the page.
        height: Of the page.
        margin: On all sides.
        mode: Pillow's: RGB, or L for grey.

    Attributes:
        image: The page.
        draw: For what the methods do not draw.
        margin: On all sides.
        y: Where the next paragraph begins.
    """

    def __init__(self, width: int, height: int, margin: int, *, mode: str = "RGB") -> None:
        self.image = Image.new(mode, (width, height), "white")
        self.draw = ImageDraw.Draw(self.image)
        self.margin = margin
        self.y = float(margin)

    def write(self, text: str, style: Style, *, x: float | None = None, width: float | None = None) -> None:
        """Write a paragraph and move below it.

        Args:
            text: Broken into lines.
            style: How it looks.
            x: Left edge; the margin if left out.
            width: Of the longest line; up to the right margin if left out.
        """
        left = self.margin if x is None else x
        limit = self.image.width - left - self.margin if width is None else width
        for line in wrap(text, style, limit):
            self.draw.text((left, self.y), line, "black", fonts.load(style.font, style.size))
            self.y += style.size * style.leading
        self.y += style.size * style.after

    def table(
        self, rows: Sequence[Sequence[str]], columns: Sequence[int], style: Style, grid: Grid, *, head: Style
    ) -> None:
        """Draw a table at the left margin and move below it.

        Args:
            rows: Cells, each on one line; the first row is the head.
            columns: Widths of the columns.
            style: Of the text.
            grid: Of the cells.
            head: Style of the first row.
        """
        edges = [self.margin + sum(columns[:index]) for index in range(len(columns) + 1)]
        top = self.y
        for index, cells in enumerate(rows):
            font = fonts.load((style if index else head).font, (style if index else head).size)
            for x, cell in zip(edges, cells, strict=False):
                self.draw.text((x + grid.left, self.y + grid.top), cell, "black", font)
            self._rule((edges[0], self.y, edges[-1], self.y), grid)
            self.y += grid.row_height
        self._rule((edges[0], self.y, edges[-1], self.y), grid)
        for x in edges:
            self._rule((x, top, x, self.y), grid)

    def _rule(self, ends: tuple[float, float, float, float], grid: Grid) -> None:
        if grid.rule:
            self.draw.line(ends, "black", grid.rule)

    def cropped(self) -> Image.Image:
        """Return the page without what is empty at its foot, but for a margin."""
        return self.image.crop((0, 0, self.image.width, int(self.y) + self.margin))


def wrap(text: str, style: Style, limit: float) -> list[str]:
    """Return the lines of a paragraph; a word that is longer than `limit` pixels has one of its own."""
    font = fonts.load(style.font, style.size)
    between = "" if style.breaks_anywhere else " "
    lines: list[str] = []
    line = ""
    for piece in text if style.breaks_anywhere else text.split():
        longer = f"{line}{between}{piece}" if line else piece
        if line and font.getlength(longer) > limit:
            lines.append(line)
            line = piece
        else:
            line = longer
    return [*lines, line]


def png(image: Image.Image) -> bytes:
    """Return an image as a PNG file."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
