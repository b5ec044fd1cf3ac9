"""Invoices: a ruled table, a table without rules, two addresses with taxes in a table of their own."""

from tools.pages.collection import words
from tools.pages.collection.sheet import A4, FAMILIES, Family, Sheet
from tools.pages.collection.writer import Writer, money

_MARGIN = 56.0
_RIGHT = A4[0] - _MARGIN


def draw(writer: Writer, scale: float, variant: int) -> Sheet:
    """Return an invoice."""
    sheet = Sheet(A4, scale)
    family = writer.random.choice(FAMILIES)
    (_ruled, _open, _taxed)[variant % 3](sheet, writer, family)
    return sheet


def _items(writer: Writer, count: int) -> tuple[list[tuple[str, str, str, str]], float]:
    rows, total = [], 0.0
    for _ in range(count):
        quantity, price = writer.random.randint(1, 24), writer.amount(3, 240)
        total += quantity * price
        rows.append((writer.pick(words.PRODUCT), str(quantity), money(price), money(quantity * price)))
    return rows, total


def _sums(sheet: Sheet, family: Family, y: float, total: float, left: float) -> float:
    for label, value, bold in (
        ("Subtotal", total, False),
        ("VAT 20 %", total * 0.2, False),
        ("Amount due", total * 1.2, True),
    ):
        face = family.bold if bold else family.plain
        y = sheet.row(((label, left, "left"), (money(value), _RIGHT - 4, "right")), y, face) + 3
    return y


def _ruled(sheet: Sheet, writer: Writer, family: Family) -> None:
    sheet.lines((writer.company(),), _MARGIN, 50, family.bold.at(14), flow="sender")
    sheet.lines((writer.street(), writer.postcode(), writer.phone()), _MARGIN, 72, family.plain.at(8), flow="sender")
    sheet.lines(("INVOICE",), _RIGHT, 50, family.bold.at(20), align="right", flow="number")
    y = 84.0
    for label, value in (("Number", writer.reference()), ("Date", writer.date()), ("Due", writer.date())):
        y = sheet.row(((label, 400, "left"), (value, _RIGHT, "right")), y, family.plain, flow="number")
    sheet.lines(("Bill to", *writer.address()), _MARGIN, 140, family.plain)
    rows, total = _items(writer, writer.random.randint(6, 9))
    widths = (233.0, 60.0, 90.0, 100.0)
    head = ("Description", "Quantity", "Unit price", "Amount")
    y = sheet.table([head, *rows], _MARGIN, 240, widths, family, right=(1, 2, 3), shade="#e4e8ee") + 12
    y = _sums(sheet, family, y, total, 380)
    y = sheet.text(
        "Payable within 30 days without deduction. Please state the invoice number.", _MARGIN, y + 24, 480, family.plain
    )
    sheet.lines((f"Bank: {writer.company()}", f"IBAN: {writer.iban()}"), _MARGIN, 790, family.plain.at(8))


def _open(sheet: Sheet, writer: Writer, family: Family) -> None:
    sheet.lines((f"Invoice {writer.reference()}",), _MARGIN, 48, family.bold.at(18))
    sheet.lines((f"{writer.company()}, {writer.street()}, {writer.town()}",), _MARGIN, 76, family.plain.at(8))
    sheet.lines(writer.address(), _MARGIN, 110, family.plain)
    rows, total = _items(writer, 7)
    described = [(f"{name}, {writer.fill('packed in {town}, order {reference}')}", *rest) for name, *rest in rows]
    head = ("Item", "Qty", "Price", "Total")
    y = sheet.table([head, *described], _MARGIN, 200, (243, 50, 90, 100), family, rules="none", right=(1, 2, 3), pad=6)
    sheet.line(_MARGIN, y + 4, _RIGHT, y + 4)
    y = _sums(sheet, family, y + 12, total, 340)
    sheet.text(
        writer.fill("Delivered on {date} by {company}. Goods remain our property until they are paid."),
        _MARGIN,
        y + 20,
        480,
        family.plain,
    )
    sheet.furniture("Page 1 of 1", _RIGHT, 806, family.plain.at(7.5), "right")


def _taxed(sheet: Sheet, writer: Writer, family: Family) -> None:
    sheet.box(0, 0, A4[0], 34, fill="#27496d", line=None)
    sheet.lines((writer.company(),), _MARGIN, 9, family.bold.at(13).inked("white"))
    sheet.row(
        (
            ("Invoice no.", _MARGIN, "left"),
            (writer.reference(), 130, "left"),
            ("Date of supply", 320, "left"),
            (writer.date(), 420, "left"),
        ),
        56,
        family.plain,
    )
    sheet.lines(("Bill to", *writer.address()), _MARGIN, 86, family.plain, flow="bill")
    sheet.lines(("Ship to", *writer.address()), 320, 86, family.plain, flow="ship")
    sheet.then("bill", "ship")
    rows, total = _items(writer, 10)
    coded = [("Code", "Article", "Qty", "Price", "Sum"), *((writer.reference(), *row) for row in rows)]
    y = sheet.table(coded, _MARGIN, 180, (78, 165, 50, 90, 100), family, rules="lines", right=(2, 3, 4)) + 20
    taxes = [
        ("Tax rate", "Net", "Tax"),
        ("20 %", money(total * 0.8), money(total * 0.16)),
        ("5 %", money(total * 0.2), money(total * 0.01)),
    ]
    y = sheet.table(taxes, _MARGIN, y, (80, 100, 90), family, right=(1, 2)) + 16
    sheet.row((("Total payable", 340, "left"), (money(total * 1.17), _RIGHT - 4, "right")), y, family.bold.at(11))
    sheet.text(writer.fill("Please pay by {date} to IBAN {iban}."), _MARGIN, y + 30, 480, family.plain)
