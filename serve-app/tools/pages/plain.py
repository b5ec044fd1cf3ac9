"""Plain pages for tests: one column, two columns, a table; the same on every machine."""

from collections.abc import Sequence

from PIL import Image

from tools.pages import fonts
from tools.pages.canvas import Canvas, Grid, Style

WIDTH, MARGIN = 1000, 90
_GUTTER = 40

LATIN = Style(fonts.NOTO_SERIF, 22, leading=1.45, after=0.725)
CHINESE = Style(fonts.NOTO_SANS_SC, 28, leading=1.45, after=0.725, breaks_anywhere=True)
_SMALL = Style(fonts.NOTO_SERIF, 17, leading=1.45, after=0)
_TITLE = Style(fonts.NOTO_SERIF, 40, leading=1.45, after=0)


def blank(height: int = 600) -> Image.Image:
    """Return a white page."""
    return Canvas(WIDTH, height, MARGIN).image


def paragraphs(texts: Sequence[str], style: Style = LATIN) -> Image.Image:
    """Return a page of one column, paragraphs set apart by half a line."""
    canvas = Canvas(WIDTH, 900, MARGIN)
    for text in texts:
        canvas.write(text, style)
    return canvas.cropped()


def two_columns(heading: str, left: str, right: str, running_head: tuple[str, str]) -> Image.Image:
    """Return a page with a running head and its number, a heading over the whole width and two columns."""
    canvas = Canvas(WIDTH, 900, MARGIN)
    small = fonts.load(_SMALL.font, _SMALL.size)
    canvas.draw.text((MARGIN, 30), running_head[0], "black", small)
    canvas.draw.text((WIDTH - MARGIN, 30), running_head[1], "black", small, anchor="ra")
    canvas.draw.text((MARGIN, 110), heading, "black", fonts.load(_TITLE.font, _TITLE.size))
    column = (WIDTH - 2 * MARGIN - _GUTTER) // 2
    bottoms = []
    for text, x in ((left, MARGIN), (right, MARGIN + column + _GUTTER)):
        canvas.y = 200
        canvas.write(text, LATIN, x=x, width=column)
        bottoms.append(canvas.y)
    canvas.y = max(bottoms)
    return canvas.cropped()


def table(cells: Sequence[Sequence[str]], before: str, after: str) -> Image.Image:
    """Return a page with a table between two paragraphs; no lines between its cells."""
    canvas = Canvas(WIDTH, 900, MARGIN)
    canvas.write(before, LATIN)
    canvas.y += 20
    canvas.table(cells, [210] * len(cells[0]), LATIN, Grid(row_height=LATIN.size * LATIN.leading), head=LATIN)
    canvas.y += 30
    canvas.write(after, LATIN)
    return canvas.cropped()
