"""Receipts: a till's, with quantities below, a restaurant's."""

from tools.pages.collection import words
from tools.pages.collection.sheet import FAMILIES, MONO, Sheet
from tools.pages.collection.writer import Writer, money

_WIDTH, _EDGE = 226.0, 14.0


def draw(writer: Writer, scale: float, variant: int) -> Sheet:
    """Return a receipt of 80 mm width."""
    family = MONO if variant % 3 < 2 else FAMILIES[0]
    face, right = family.plain, _WIDTH - _EDGE
    count = writer.random.randint(8, 14)
    sheet = Sheet((_WIDTH, 250.0 + count * (24 if variant % 3 == 1 else 13)), scale)
    y = sheet.lines((writer.company(),), _WIDTH / 2, 14, family.bold.at(11), align="centre") + 2
    y = sheet.lines((writer.street(), writer.postcode(), writer.phone()), _WIDTH / 2, y, face.at(7.5), align="centre")
    y = sheet.row(
        ((writer.date(), _EDGE, "left"), (f"Receipt {writer.random.randint(1000, 9999)}", right, "right")),
        y + 8,
        face.at(7.5),
    )
    sheet.line(_EDGE, y + 2, right, y + 2)
    y += 7
    total = 0.0
    for _ in range(count):
        quantity, price = writer.random.randint(1, 4), writer.amount(0.6, 14)
        total += quantity * price
        name = writer.pick(words.GROCERY)
        if variant % 3 == 1:
            y = sheet.lines((name,), _EDGE, y, face)
            y = (
                sheet.row(
                    ((f"{quantity} @ {money(price)}", _EDGE + 20, "left"), (money(quantity * price), right, "right")),
                    y,
                    face,
                )
                + 2
            )
        else:
            y = sheet.row(((name, _EDGE, "left"), (money(quantity * price), right, "right")), y, face) + 2
    sheet.line(_EDGE, y + 2, right, y + 2)
    y = sheet.row((("TOTAL", _EDGE, "left"), (money(total), right, "right")), y + 6, family.bold.at(11)) + 2
    paid = total + writer.random.randint(1, 9)
    for label, value in (("Cash", paid), ("Change", paid - total), ("of which VAT", total * 0.07)):
        y = sheet.row(((label, _EDGE, "left"), (money(value), right, "right")), y, face)
    y = sheet.lines((f"Served by {writer.person()}",), _WIDTH / 2, y + 10, face.at(7.5), align="centre")
    sheet.lines(
        ("Thank you for your visit", f"Returns until {writer.date()}"), _WIDTH / 2, y + 2, face.at(7.5), align="centre"
    )
    return sheet
