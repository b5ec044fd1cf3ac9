"""Newspapers: a headline over three columns with a picture, two articles with a narrow box, four narrow columns."""

from tools.pages.collection import prose, words
from tools.pages.collection.sheet import FAMILIES, Face, Family, Sheet
from tools.pages.collection.writer import Writer

_SIZE = (640.0, 900.0)
_MARGIN, _GUTTER = 36.0, 14.0
_INNER = _SIZE[0] - 2 * _MARGIN


def draw(writer: Writer, scale: float, variant: int) -> Sheet:
    """Return a page of a newspaper."""
    sheet = Sheet(_SIZE, scale, paper="#fbfaf5")
    family = FAMILIES[1 + variant % 2]
    serif = Family(family.plain.at(7.6), FAMILIES[1].bold)
    _masthead(sheet, writer, serif)
    (_picture, _box, _narrow)[variant % 3](sheet, writer, serif)
    return sheet


def _masthead(sheet: Sheet, writer: Writer, family: Family) -> None:
    sheet.lines((f"The {writer.town()} Messenger",), _SIZE[0] / 2, 20, family.bold.at(24), align="centre")
    sheet.line(_MARGIN, 54, _SIZE[0] - _MARGIN, 54, width=1.2)
    sheet.row(
        ((f"{writer.day()}, {writer.date()}", _MARGIN, "left"), ("Price 1.40", _SIZE[0] - _MARGIN, "right")),
        57,
        family.plain,
        flow="",
    )
    sheet.line(_MARGIN, 70, _SIZE[0] - _MARGIN, 70, width=0.5)


def _headline(sheet: Sheet, writer: Writer, family: Family, x: float, y: float, width: float, size: float) -> float:
    y = sheet.text(writer.pick(words.HEADLINE), x, y, width, family.bold.at(size)) + 2
    return sheet.text(f"By {writer.person()}", x, y, width, family.plain) + 4


def _columns(sheet: Sheet, writer: Writer, face: Face, frames: list[tuple[float, float, float]], width: float) -> None:
    """Fill columns, one after the other, with one article; frames are (x, top, bottom)."""
    for x, top, bottom in frames:
        y = top
        while bottom - y > 5 * face.size * face.leading:
            room = int((bottom - y) / (face.size * face.leading))
            text = writer.paragraph(prose.NEWS, 3)
            while len(sheet.broken(text, face, width)) > room:
                text = text.rpartition(" ")[0]  # the article goes on in the next column, or is cut as editors do
            y = sheet.text(text, x, y, width, face) + 4


def _picture(sheet: Sheet, writer: Writer, family: Family) -> None:
    width = (_INNER - 2 * _GUTTER) / 3
    xs = [_MARGIN + column * (width + _GUTTER) for column in range(3)]
    y = _headline(sheet, writer, family, _MARGIN, 78, _INNER, 22)
    tall = 170.0
    caption = writer.fill("{person} at {place} in {town}.")
    _columns(
        sheet, writer, family.plain, [(xs[0], y, 860), (xs[1], y + tall + 34, 860), (xs[2], y + tall + 34, 860)], width
    )
    sheet.picture(xs[1], y, 2 * width + _GUTTER, tall)
    sheet.text(caption, xs[1], y + tall + 4, 2 * width + _GUTTER, family.plain.at(7), flow="")


def _box(sheet: Sheet, writer: Writer, family: Family) -> None:
    side, gap = 150.0, 16.0
    left = _INNER - side - gap
    width = (left - _GUTTER) / 2
    y = _headline(sheet, writer, family, _MARGIN, 78, left, 19)
    _columns(sheet, writer, family.plain, [(_MARGIN, y, 440), (_MARGIN + width + _GUTTER, y, 440)], width)
    sheet.line(_MARGIN, 448, _MARGIN + left, 448)
    y = _headline(sheet, writer, family, _MARGIN, 454, left, 15)
    _columns(sheet, writer, family.plain, [(_MARGIN, y, 870), (_MARGIN + width + _GUTTER, y, 870)], width)
    x = _SIZE[0] - _MARGIN - side
    sheet.box(x, 80, side, 360, fill="#e9e6da", line=None)
    y = sheet.lines(("In Brief",), x + 8, 88, family.bold.at(11), flow="brief") + 4
    for _ in range(5):
        y = sheet.text(writer.pick(prose.NEWS), x + 8, y, side - 16, family.plain, flow="brief") + 6
    y = sheet.lines(("Weather",), x + 8, 460, family.bold.at(11), flow="brief") + 2
    for town in range(6):
        y = sheet.row(
            ((writer.town(), x + 8, "left"), (f"{12 + 3 * town} degrees", x + side, "right")),
            y,
            family.plain,
            flow="brief",
        )


def _narrow(sheet: Sheet, writer: Writer, family: Family) -> None:
    width = (_INNER - 3 * _GUTTER) / 4
    xs = [_MARGIN + column * (width + _GUTTER) for column in range(4)]
    y = _headline(sheet, writer, family, _MARGIN, 78, _INNER, 20)
    _columns(sheet, writer, family.plain, [(x, y, 470) for x in xs], width)
    for edge in xs[1:]:
        sheet.line(edge - _GUTTER / 2, y, edge - _GUTTER / 2, 470, width=0.4)
    sheet.line(_MARGIN, 480, _SIZE[0] - _MARGIN, 480, width=1)
    half = 2 * width + _GUTTER
    y = _headline(sheet, writer, family, _MARGIN, 488, half, 15)
    _columns(sheet, writer, family.plain, [(xs[0], y, 870), (xs[1], y, 870)], width)
    y = _headline(sheet, writer, family, xs[2], 488, half, 15)
    sheet.picture(xs[2], y, half, 110)
    _columns(sheet, writer, family.plain, [(xs[2], y + 120, 870), (xs[3], y + 120, 870)], width)
