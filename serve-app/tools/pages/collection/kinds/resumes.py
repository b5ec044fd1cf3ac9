"""Resumes with a sidebar: on the left, on the right, white on dark."""

from tools.pages.collection import prose, words
from tools.pages.collection.sheet import A4, FAMILIES, Family, Sheet
from tools.pages.collection.writer import Writer

_SIDE = 165.0


def draw(writer: Writer, scale: float, variant: int) -> Sheet:
    """Return a resume."""
    sheet = Sheet(A4, scale)
    family = FAMILIES[variant % 2]
    on_right, dark = variant % 3 == 1, variant % 3 == 2
    side_x = A4[0] - _SIDE if on_right else 0.0
    if dark or not on_right:
        sheet.box(side_x, 0, _SIDE, A4[1], fill="#2b3a4a" if dark else "#e7ebee", line=None)
    ink = "white" if dark else "black"
    _side(sheet, writer, Family(family.plain.at(8).inked(ink), family.bold.at(10).inked(ink)), side_x + 18)
    left = 36.0 if on_right else _SIDE + 24
    _main(sheet, writer, family, left, A4[0] - _SIDE - 24 - 36)
    if on_right:
        sheet.then("main", "side")
    return sheet


def _side(sheet: Sheet, writer: Writer, family: Family, x: float) -> None:
    y = 150.0
    name = writer.last().lower().encode("ascii", "ignore").decode()
    for title, entries in (
        ("Contact", (writer.phone(), f"{name}@mail.example", writer.street(), writer.postcode())),
        ("Skills", tuple(writer.pick(words.SKILL) for _ in range(5))),
        ("Languages", tuple(writer.pick(words.LANGUAGE) for _ in range(3))),
        ("Interests", ("Rowing", "Choir", "Old maps")),
    ):
        y = sheet.lines((title,), x, y, family.bold, flow="side") + 4
        y = sheet.lines(entries, x, y, family.plain, flow="side") + 18


def _main(sheet: Sheet, writer: Writer, family: Family, x: float, width: float) -> None:
    y = sheet.lines((writer.person(),), x, 44, family.bold.at(22)) + 2
    y = sheet.lines((writer.role(),), x, y, family.plain.at(12)) + 14
    y = sheet.lines(("Experience",), x, y, family.bold.at(13)) + 4
    for number in range(3):
        year = 2023 - 5 * number
        y = sheet.row(((writer.role(), x, "left"), (f"{year - 4} – {year}", x + width, "right")), y, family.bold)
        y = sheet.lines((f"{writer.company()}, {writer.town()}",), x, y, family.plain) + 2
        for _ in range(3):
            y = sheet.text(writer.pick(prose.DUTY), x, y, width, family.plain, bullet=True, hang=12) + 2
        y += 10
    y = sheet.lines(("Education",), x, y, family.bold.at(13)) + 4
    for degree in ("Master of Science in Engineering", "School leaving certificate"):
        y = sheet.row(((degree, x, "left"), (writer.year(), x + width, "right")), y, family.bold)
        y = (
            sheet.lines(
                (f"University of {writer.town()}" if "Master" in degree else f"Grammar School, {writer.town()}",),
                x,
                y,
                family.plain,
            )
            + 8
        )
