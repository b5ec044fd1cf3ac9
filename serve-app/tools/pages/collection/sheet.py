"""A page that remembers what is drawn on it. All lengths are points, 1/72 of an inch."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from PIL import Image

from tools.pages import fonts
from tools.pages.canvas import Canvas, Style, wrap
from tools.pages.collection.record import Cells, Drawn, Furniture, Text, Then

Align = Literal["left", "centre", "right"]
_ANCHORS: dict[Align, str] = {"left": "la", "centre": "ma", "right": "ra"}


@dataclass(frozen=True, slots=True)
class Face:
    """How text looks: a font, its size in points, the height of a line in font sizes, the colour."""

    font: str
    size: float
    leading: float = 1.35
    colour: str = "black"

    def at(self, size: float) -> "Face":
        """Return it in another size."""
        return replace(self, size=size)

    def inked(self, colour: str) -> "Face":
        """Return it in another colour."""
        return replace(self, colour=colour)


@dataclass(frozen=True, slots=True)
class Family:
    """A regular and a bold face that go together."""

    plain: Face
    bold: Face


FAMILIES = (
    Family(Face(fonts.DEJAVU_SANS, 9), Face(fonts.DEJAVU_SANS_BOLD, 9)),
    Family(Face(fonts.DEJAVU_SERIF, 9.5), Face(fonts.DEJAVU_SERIF_BOLD, 9.5)),
    Family(Face(fonts.NOTO_SERIF, 10.5), Face(fonts.DEJAVU_SANS_BOLD, 9.5)),
)
MONO = Family(Face(fonts.DEJAVU_MONO, 8), Face(fonts.DEJAVU_MONO_BOLD, 8))

A4 = (595.0, 842.0)


class Sheet:
    """A page.

    Args:
        size: Width and height.
        scale: Pixels a point.
        paper: Colour.

    Attributes:
        drawn: All text on it, in reading order within each flow.
        width: Of the page.
        height: Of the page.
    """

    def __init__(self, size: tuple[float, float], scale: float, paper: str = "white") -> None:
        self.width, self.height = size
        self._scale = scale
        self._canvas = Canvas(self._px(size[0]), self._px(size[1]), 0)
        self._canvas.draw.rectangle((0, 0, *self._canvas.image.size), paper)
        self.drawn: list[Drawn] = []

    @property
    def image(self) -> Image.Image:
        """The page, RGB."""
        return self._canvas.image

    def text(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        face: Face,
        *,
        align: Align = "left",
        flow: str = "main",
        lead: str = "",
        bullet: bool = False,
        hang: float = 0,
    ) -> float:
        """Draw a paragraph and return where the next line would begin.

        Args:
            text: Broken into lines.
            x: Left edge of the column.
            y: Top of the first line.
            width: Of the column.
            face: How it looks.
            align: In the column.
            flow: See `record.Text`.
            lead: A number before the paragraph.
            bullet: Whether there is a dot before it.
            hang: How far the paragraph is moved to the right for `lead` or the dot.
        """
        lines = self.broken(text, face, width - hang)
        if lead:
            self._put(lead, x, y, face)
        if bullet:
            dot, middle = face.size * 0.17, y + face.size * 0.7
            self.box(x + 2, middle - dot, 2 * dot, 2 * dot, fill=face.colour, line=None, round_=dot)
        edge = {"left": x + hang, "centre": x + width / 2, "right": x + width}[align]
        for line in lines:
            self._put(line, edge, y, face, align)
            y += face.size * face.leading
        self.drawn.append(Text(tuple(lines), flow, running=True, lead=lead))
        return y

    def lines(
        self, texts: Sequence[str], x: float, y: float, face: Face, *, align: Align = "left", flow: str = "main"
    ) -> float:
        """Draw lines that stand apart, such as an address, at an edge; return where the next one would begin."""
        for text in texts:
            self._put(text, x, y, face, align)
            y += face.size * face.leading
        self.drawn.append(Text(tuple(texts), flow))
        return y

    def row(self, pieces: Sequence[tuple[str, float, Align]], y: float, face: Face, *, flow: str = "main") -> float:
        """Draw texts beside each other, each at its edge, read from left to right; return where the next row begins."""
        for text, x, align in pieces:
            self._put(text, x, y, face, align)
        self.drawn.append(Text(tuple(text for text, _, _ in pieces), flow, each=True))
        return y + face.size * face.leading

    def furniture(self, text: str, x: float, y: float, face: Face, align: Align = "left") -> None:
        """Draw what is no part of the text."""
        self._put(text, x, y, face, align)
        self.drawn.append(Furniture(text))

    def then(self, *flows: str) -> None:
        """Say that flows beside each other are read one after the other, in this order."""
        self.drawn += [Then(first, second) for first, second in itertools.pairwise(flows)]

    def table(
        self,
        rows: Sequence[Sequence[str]],
        x: float,
        y: float,
        widths: Sequence[float],
        family: Family,
        *,
        rules: Literal["grid", "lines", "none"] = "grid",
        shade: str | None = None,
        right: Sequence[int] = (),
        pad: float = 4,
        flow: str = "main",
    ) -> float:
        """Draw a table and return where the next line would begin.

        Args:
            rows: Cells, broken into lines where they are too long; the first row is the head, in bold.
            x: Left edge.
            y: Top.
            widths: Of the columns.
            family: How the text looks.
            rules: Around all cells, between rows, or none.
            shade: Colour behind the head.
            right: Columns that are aligned to the right.
            pad: Space around the text of a cell.
            flow: See `record.Text`.
        """
        edges = [x + sum(widths[:column]) for column in range(len(widths) + 1)]
        top = y
        for number, row in enumerate(rows):
            face = family.plain if number else family.bold
            cells = [self.broken(cell, face, w - 2 * pad) for cell, w in zip(row, widths, strict=True)]
            height = max(map(len, cells)) * face.size * face.leading + pad
            if shade and number == 0:
                self.box(x, y, edges[-1] - x, height, fill=shade, line=None)
            for column, lines in enumerate(cells):
                aligned: Align = "right" if column in right else "left"
                edge = edges[column + 1] - pad if column in right else edges[column] + pad
                for index, line in enumerate(lines):
                    self._put(line, edge, y + pad / 2 + index * face.size * face.leading, face, aligned)
            if rules != "none":
                self.line(x, y, edges[-1], y)
            y += height
        if rules != "none":
            self.line(x, y, edges[-1], y)
        for edge in edges if rules == "grid" else ():
            self.line(edge, top, edge, y)
        self.drawn.append(Cells(tuple(map(tuple, rows)), flow))
        return y

    def line(self, x: float, y: float, to_x: float, to_y: float, *, width: float = 0.6, colour: str = "black") -> None:
        """Draw a straight line."""
        ends = (self._px(x), self._px(y), self._px(to_x), self._px(to_y))
        self._canvas.draw.line(ends, colour, max(1, self._px(width)))

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str | None = None,
        line: str | None = "black",
        round_: float = 0,
    ) -> None:
        """Draw a rectangle; `round_` is the radius of its corners."""
        corners = (self._px(x), self._px(y), self._px(x + width), self._px(y + height))
        self._canvas.draw.rounded_rectangle(corners, self._px(round_), fill, line, max(1, self._px(0.6)))

    def picture(self, x: float, y: float, width: float, height: float) -> None:
        """Draw what a photo is to a reader: sky, hills and a sun, without letters."""
        self.box(x, y, width, height, fill="#b9c9d6")
        size = width * 0.1
        self.box(x + width * 0.7, y + height * 0.1, size, size, fill="#f2efe4", line=None, round_=size / 2)
        for left, peak, colour in ((0.0, 0.35, "#8a9a8c"), (0.3, 0.5, "#6d7b6a"), (0.1, 0.7, "#47523f")):
            hill = ((left, 1.0), (left + 0.35, peak), (min(1.0, left + 0.7), 1.0))
            corners = [(self._px(x + width * across), self._px(y + height * down)) for across, down in hill]
            self._canvas.draw.polygon(corners, colour)

    def broken(self, text: str, face: Face, width: float) -> list[str]:
        """Return the lines that a text takes in a column."""
        return wrap(text, self._style(face), width * self._scale)

    def length(self, text: str, face: Face) -> float:
        """Return how long a text is on one line."""
        return fonts.load(face.font, self._style(face).size).getlength(text) / self._scale

    def _put(self, text: str, x: float, y: float, face: Face, align: Align = "left") -> None:
        font = fonts.load(face.font, self._style(face).size)
        self._canvas.draw.text((self._px(x), self._px(y)), text, face.colour, font, anchor=_ANCHORS[align])

    def _style(self, face: Face) -> Style:
        return Style(face.font, max(1, round(face.size * self._scale)), face.leading, after=0)

    def _px(self, points: float) -> int:
        return round(points * self._scale)
