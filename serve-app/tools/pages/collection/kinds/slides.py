"""Slides: points and points below them, two boxes side by side, figures over labels."""

from tools.pages.collection import prose
from tools.pages.collection.sheet import FAMILIES, Family, Sheet
from tools.pages.collection.writer import Writer

_SIZE = (640.0, 360.0)


def draw(writer: Writer, scale: float, variant: int) -> Sheet:
    """Return a slide."""
    dark = variant % 3 == 2
    sheet = Sheet(_SIZE, scale, paper="#16324f" if dark else "white")
    ink = "white" if dark else "black"
    family = Family(FAMILIES[0].plain.inked(ink), FAMILIES[0].bold.inked(ink))
    if not dark:
        sheet.box(0, 0, _SIZE[0], 6, fill="#c8553d", line=None)
    y = sheet.text(writer.pick(prose.SLIDE_TITLE), 36, 26, 560, family.bold.at(22)) + 12
    (_points, _two, _figures)[variant % 3](sheet, writer, family, y)
    sheet.lines((f"{writer.person()}, {writer.company()}",), 36, 336, family.plain.at(8), flow="author")
    sheet.furniture(str(writer.random.randint(4, 38)), 604, 336, family.plain.at(8), "right")
    return sheet


def _points(sheet: Sheet, writer: Writer, family: Family, y: float) -> None:
    for number in range(4):
        y = sheet.text(writer.pick(prose.POINT), 44, y, 550, family.plain.at(15), bullet=True, hang=18) + 4
        if number in (0, 2):
            for _ in range(2):
                y = sheet.text(writer.pick(prose.POINT), 72, y, 520, family.plain.at(12), bullet=True, hang=15) + 3


def _two(sheet: Sheet, writer: Writer, family: Family, y: float) -> None:
    for x, flow, title in ((36.0, "left", "What works"), (330.0, "right", "What has to change")):
        sheet.box(x, y, 274, 210, fill="#f1efe9", line=None, round_=6)
        below = sheet.lines((title,), x + 14, y + 10, family.bold.at(13), flow=flow) + 6
        for _ in range(4):
            below = (
                sheet.text(
                    writer.pick(prose.POINT), x + 14, below, 246, family.plain.at(11), flow=flow, bullet=True, hang=14
                )
                + 7
            )
    sheet.then("left", "right")


def _figures(sheet: Sheet, writer: Writer, family: Family, y: float) -> None:
    for column, label in enumerate(("parcels a day", "complaints in May", "open positions")):
        x = 130.0 + 190 * column
        sheet.lines((writer.number(),), x, y + 10, family.bold.at(34), align="centre", flow=f"figure {column}")
        sheet.lines((label,), x, y + 58, family.plain.at(13), align="centre", flow=f"figure {column}")
    y += 100
    for _ in range(3):
        y = sheet.text(writer.pick(prose.POINT), 44, y, 550, family.plain.at(14), bullet=True, hang=18) + 6
