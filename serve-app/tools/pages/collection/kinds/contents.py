"""Tables of contents: with dots, without, a list of figures beside one of tables."""

from tools.pages.collection import words
from tools.pages.collection.sheet import A4, FAMILIES, Family, Sheet
from tools.pages.collection.writer import Writer

_MARGIN = 72.0
_RIGHT = A4[0] - _MARGIN


def draw(writer: Writer, scale: float, variant: int) -> Sheet:
    """Return a table of contents."""
    sheet = Sheet(A4, scale)
    family = FAMILIES[(variant + 1) % 3]
    if variant % 3 == 2:
        for x, title, word in ((48.0, "Figures", "Figure"), (315.0, "Tables", "Table")):
            y = sheet.lines((title,), x, 60, family.bold.at(15)) + 8
            page = writer.random.randint(101, 120)
            for number in range(1, 12):
                page += writer.random.randint(2, 19)
                y = (
                    _entry(
                        sheet,
                        writer,
                        Family(family.plain.at(7.5), family.bold),
                        f"{word} {number}",
                        x,
                        x + 230,
                        y,
                        page,
                        dots=False,
                    )
                    + 5
                )
        return sheet
    y = sheet.lines(("Contents",), _MARGIN, 60, family.bold.at(18)) + 14
    page = 101
    for chapter in range(1, 8):
        y = (
            _entry(sheet, writer, Family(family.bold, family.bold), str(chapter), _MARGIN, _RIGHT, y, page, dots=False)
            + 3
        )
        for section in range(1, writer.random.randint(3, 4)):
            page += writer.random.randint(3, 14)
            y = _entry(
                sheet, writer, family, f"{chapter}.{section}", _MARGIN + 20, _RIGHT, y, page, dots=variant % 3 == 0
            )
        page += writer.random.randint(3, 9)
        y += 9
    sheet.furniture("vii", A4[0] / 2, 800, family.plain.at(8), "centre")
    return sheet


def _entry(
    sheet: Sheet,
    writer: Writer,
    family: Family,
    number: str,
    x: float,
    right: float,
    y: float,
    page: int,
    *,
    dots: bool,
) -> float:
    face, title = family.plain, writer.pick(words.CHAPTER)
    start = x + sheet.length(number, face) + 8
    if dots:
        end, step = right - sheet.length(str(page), face) - 6, 3.6
        dot = start + sheet.length(title, face) + 5
        while dot < end:
            sheet.box(dot, y + face.size * 0.86, 0.7, 0.7, fill="black", line=None)
            dot += step
    return sheet.row(((number, x, "left"), (title, start, "left"), (str(page), right, "right")), y, face) + 2
