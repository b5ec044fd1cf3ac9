"""Tables of contents: with dots, without, a list of figures beside one of tables."""

from tools.pages.collection import words
from tools.pages.collection.sheet import A4, FAMILIES, Align, Face, Family, Sheet
from tools.pages.collection.writer import Writer

_MARGIN = 72.0
_RIGHT = A4[0] - _MARGIN


def draw(writer: Writer, scale: float, variant: int) -> Sheet:
    """Return a table of contents."""
    sheet = Sheet(A4, scale)
    family = FAMILIES[(variant + 1) % 3]
    (_dotted, _open, _lists)[variant % 3](sheet, writer, family)
    return sheet


def _dotted(sheet: Sheet, writer: Writer, family: Family) -> None:
    _chapters(sheet, writer, family, dots=True)


def _open(sheet: Sheet, writer: Writer, family: Family) -> None:
    _chapters(sheet, writer, family, dots=False)


def _chapters(sheet: Sheet, writer: Writer, family: Family, *, dots: bool) -> None:
    y = sheet.lines(("Contents",), _MARGIN, 60, family.bold.at(18)) + 14
    page = 101
    for chapter in range(1, 8):
        y = _entry(sheet, writer, family.bold, str(chapter), (_MARGIN, _RIGHT), y, page) + 3
        for section in range(1, writer.random.randint(3, 4)):
            page += writer.random.randint(3, 14)
            number, edges = f"{chapter}.{section}", (_MARGIN + 20, _RIGHT)
            y = _entry(sheet, writer, family.plain, number, edges, y, page, dots=dots)
        page += writer.random.randint(3, 9)
        y += 9
    sheet.furniture("vii", A4[0] / 2, 800, family.plain.at(8), "centre")


def _lists(sheet: Sheet, writer: Writer, family: Family) -> None:
    for x, title, word in ((48.0, "Figures", "Figure"), (315.0, "Tables", "Table")):
        y = sheet.lines((title,), x, 60, family.bold.at(15), flow=title) + 8
        page = writer.random.randint(101, 120)
        for number in range(1, 12):
            page += writer.random.randint(2, 19)
            face, name = family.plain.at(7.5), f"{word} {number}"
            y = _entry(sheet, writer, face, name, (x, x + 230), y, page, flow=title) + 5
    sheet.then("Figures", "Tables")


def _entry(
    sheet: Sheet,
    writer: Writer,
    face: Face,
    number: str,
    edges: tuple[float, float],
    y: float,
    page: int,
    *,
    dots: bool = False,
    flow: str = "main",
) -> float:
    """Draw a chapter with its number and its page, perhaps with dots between; return where the next one begins."""
    left, right = edges
    title, start = writer.pick(words.CHAPTER), left + sheet.length(number, face) + 8
    if dots:
        dot, end = start + sheet.length(title, face) + 5, right - sheet.length(str(page), face) - 6
        while dot < end:
            sheet.box(dot, y + face.size * 0.86, 0.7, 0.7, fill="black", line=None)
            dot += 3.6
    pieces: tuple[tuple[str, float, Align], ...] = (
        (number, left, "left"),
        (title, start, "left"),
        (str(page), right, "right"),
    )
    return sheet.row(pieces, y, face, flow=flow) + 2
