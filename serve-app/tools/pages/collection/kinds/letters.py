"""Letters: with a window for the address, with a letterhead, the second page of a long one."""

from tools.pages.collection import prose
from tools.pages.collection.sheet import A4, FAMILIES, Family, Sheet
from tools.pages.collection.writer import Writer

_MARGIN = 68.0


def draw(writer: Writer, scale: float, variant: int) -> Sheet:
    """Return a letter."""
    sheet = Sheet(A4, scale)
    family = writer.random.choice(FAMILIES)
    (_with_window, _with_letterhead, _second_page)[variant % 3](sheet, writer, family)
    return sheet


def _with_window(sheet: Sheet, writer: Writer, family: Family) -> None:
    face, small = family.plain, family.plain.at(6.5)
    sender = (writer.company(), writer.street(), writer.postcode())
    sheet.text(", ".join(sender), _MARGIN, 120, 300, small, flow="address")
    sheet.lines(writer.address(), _MARGIN, 140, face, flow="address")
    y = 140.0
    for label, value in (
        ("Your reference", writer.reference()),
        ("Our reference", writer.reference()),
        ("Telephone", writer.phone()),
        ("Date", writer.date()),
    ):
        y = sheet.row(((label, 375, "left"), (value, 455, "left")), y, face.at(8), flow="reference")
    y = sheet.text(f"Your order {writer.reference()}", _MARGIN, 250, 450, family.bold) + 12
    y = _body(sheet, writer, family, y, f"Dear {writer.person()},", paragraphs=4)
    y = sheet.lines(("Yours sincerely,",), _MARGIN, y + 8, face)
    sheet.lines((writer.person(), writer.role()), _MARGIN, y + 34, face)
    sheet.line(_MARGIN, 770, A4[0] - _MARGIN, 770)
    for x, flow, lines in (
        (_MARGIN, "foot 1", sender),
        (230, "foot 2", (f"Bank of {writer.town()}", f"IBAN {writer.iban()}", f"BIC {writer.reference()}")),
        (430, "foot 3", (writer.phone(), f"Director {writer.person()}", f"Register {writer.number()}")),
    ):
        sheet.lines(lines, x, 776, small, flow=flow)
    sheet.then("foot 1", "foot 2", "foot 3")


def _with_letterhead(sheet: Sheet, writer: Writer, family: Family) -> None:
    face, right = family.plain, A4[0] - _MARGIN
    sheet.lines((writer.company(),), A4[0] / 2, 40, family.bold.at(17).inked("#1f3a5f"), align="centre")
    sheet.lines((f"{writer.street()}, {writer.postcode()}",), A4[0] / 2, 64, face.at(8), align="centre")
    sheet.line(_MARGIN, 80, right, 80, colour="#1f3a5f", width=1.2)
    sheet.lines((writer.date(),), right, 100, face, align="right")
    y = sheet.lines(writer.address(), _MARGIN, 125, face)
    y = _body(sheet, writer, family, y + 24, f"Dear Ms {writer.last()},", paragraphs=3)
    sheet.lines(("With kind regards,",), _MARGIN, y + 8, face)
    y = sheet.lines((writer.person(), writer.role()), _MARGIN, y + 52, face)
    sheet.text(f"P.S. {writer.pick(prose.LETTER)}", _MARGIN, y + 14, right - _MARGIN, face)
    sheet.furniture("Page 1 of 2", A4[0] / 2, 800, face.at(7.5), "centre")


def _second_page(sheet: Sheet, writer: Writer, family: Family) -> None:
    face, right = family.plain, A4[0] - _MARGIN
    sheet.lines((f"{writer.company()} to {writer.person()}, {writer.date()}",), _MARGIN, 36, face.at(7.5), flow="")
    sheet.furniture("2", right, 36, face.at(7.5), "right")
    y = 80.0
    for _ in range(4):
        y = sheet.text(writer.paragraph(prose.LETTER, 4), _MARGIN, y, right - _MARGIN, face) + 9
    y = sheet.lines((f"{writer.town()}, {writer.date()}",), _MARGIN, y + 20, face)
    y = sheet.lines((writer.person(), writer.role(), writer.company()), _MARGIN, y + 44, face)
    copies = (f"Copy: {writer.person()}", f"Copy: {writer.person()}, {writer.town()}")
    sheet.lines(("Enclosures: two drawings, one form", *copies), _MARGIN, y + 24, face.at(8))


def _body(sheet: Sheet, writer: Writer, family: Family, y: float, opening: str, *, paragraphs: int) -> float:
    y = sheet.lines((opening,), _MARGIN, y, family.plain) + 8
    for _ in range(paragraphs):
        text = writer.paragraph(prose.LETTER, writer.random.randint(3, 4))
        y = sheet.text(text, _MARGIN, y, A4[0] - 2 * _MARGIN, family.plain) + 8
    return y
