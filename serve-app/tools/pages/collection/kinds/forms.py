"""Forms: fields in boxes, fields on lines with things to tick, a grid."""

from tools.pages.collection.sheet import A4, FAMILIES, Family, Sheet
from tools.pages.collection.writer import Writer

_MARGIN = 56.0
_RIGHT = A4[0] - _MARGIN
_POINTS = ("North", "South", "East", "West", "Roof", "Cellar", "Tower", "Gate", "Stairs")


def draw(writer: Writer, scale: float, variant: int) -> Sheet:
    """Return a form that is filled in."""
    sheet = Sheet(A4, scale)
    family = FAMILIES[variant % 2]
    (_boxes, _lines, _grid)[variant % 3](sheet, writer, family)
    return sheet


def _head(sheet: Sheet, writer: Writer, family: Family, title: str) -> float:
    sheet.lines((title,), _MARGIN, 46, family.bold.at(15))
    note = f"Please write clearly and return this form to {writer.company()} before {writer.date()}."
    return sheet.text(note, _MARGIN, 72, _RIGHT - _MARGIN, family.plain.at(8)) + 14


def _fields(writer: Writer) -> list[tuple[str, str]]:
    return [
        ("First name", writer.person().split()[0]), ("Last name", writer.last()),
        ("Street and number", writer.street()), ("Town", writer.postcode()),
        ("Date of birth", writer.date()), ("Telephone", writer.phone()),
        ("Employer", writer.company()), ("Occupation", writer.role()),
        ("Policy number", writer.reference()), ("Previous claim", writer.reference()),
    ]  # fmt: skip


def _boxes(sheet: Sheet, writer: Writer, family: Family) -> None:
    y = _head(sheet, writer, family, "Application for Membership")
    fields = _fields(writer)
    for number in range(0, len(fields), 2):
        for (label, value), x in zip(fields[number : number + 2], (_MARGIN, 305.0), strict=True):
            sheet.lines((label,), x, y, family.plain.at(7), flow=label)
            sheet.box(x, y + 11, 234, 21)
            sheet.lines((value,), x + 5, y + 15, family.plain.inked("#1a2a80"), flow=label)
        y += 42
    sheet.lines(("Declaration",), _MARGIN, y + 6, family.bold)
    text = "I have read the rules of the society and agree to keep them. I understand that the fee is due each January."
    y = sheet.text(text, _MARGIN, y + 22, _RIGHT - _MARGIN, family.plain)
    _signature(sheet, writer, family, y + 40)


def _lines(sheet: Sheet, writer: Writer, family: Family) -> None:
    y = _head(sheet, writer, family, "Notice of Damage")
    for label, value in _fields(writer):
        sheet.row(((f"{label}:", _MARGIN, "left"), (value, 190, "left")), y, family.plain)
        sheet.line(186, y + 13, _RIGHT, y + 13, width=0.4)
        y += 23
    y = sheet.lines(("What was damaged?",), _MARGIN, y + 8, family.bold) + 4
    for number, option in enumerate(("Furniture", "Windows and doors", "Bicycle or vehicle", "Clothing")):
        sheet.box(_MARGIN + 2, y + 1, 8, 8)
        if number % 2:
            sheet.line(_MARGIN + 3, y + 2, _MARGIN + 9, y + 8, width=1)
            sheet.line(_MARGIN + 9, y + 2, _MARGIN + 3, y + 8, width=1)
        y = sheet.lines((option,), _MARGIN + 18, y, family.plain) + 5
    y = sheet.lines(("How did it happen?",), _MARGIN, y + 8, family.bold) + 4
    story = writer.fill("On {day} evening a branch fell on {place} and broke two panes. The value is about {money}.")
    y = sheet.text(story, _MARGIN, y, _RIGHT - _MARGIN, family.plain)
    _signature(sheet, writer, family, y + 50)
    sheet.lines(("Form 27 B, edition of 2024",), _MARGIN, 812, family.plain.at(6.5), flow="")


def _grid(sheet: Sheet, writer: Writer, family: Family) -> None:
    y = _head(sheet, writer, family, "Inspection Record")
    meta = [("Item", "Entry"), *_fields(writer)[4:9]]
    y = sheet.table(meta, _MARGIN, y, (150, 333), family, shade="#eeeeee") + 18
    y = sheet.lines(("Readings",), _MARGIN, y, family.bold) + 4
    readings = [("Point", "Limit", "Measured", "Result")]
    for number in range(1, writer.random.randint(7, 10)):
        limit, measured = writer.random.randint(10, 90), writer.random.uniform(5, 99)
        point = f"{writer.pick(_POINTS)} {number}"
        result = "passed" if measured <= limit else "failed"
        readings.append((point, f"{limit} mm", f"{measured:.1f} mm", result))
    remarks = writer.fill("Remarks: {person} was present. The next inspection of {place} is due in {month}.")
    y = sheet.table(readings, _MARGIN, y, (150, 100, 113, 120), family)
    y = sheet.text(
        remarks,
        _MARGIN,
        y + 16,
        480,
        family.plain,
    )
    _signature(sheet, writer, family, 740)


def _signature(sheet: Sheet, writer: Writer, family: Family, y: float) -> None:
    for x, label, value in (
        (_MARGIN, "Place and date", f"{writer.town()}, {writer.date()}"),
        (330.0, "Name in capitals", writer.person().upper()),
    ):
        sheet.lines((value,), x + 4, y, family.plain.inked("#1a2a80"), flow="")
        sheet.line(x, y + 14, x + 200, y + 14)
        sheet.lines((label,), x, y + 17, family.plain.at(7), flow="")
