"""Contracts: numbered clauses with headings, a page in the middle, the last page with signatures."""

from tools.pages.collection import prose
from tools.pages.collection.sheet import A4, FAMILIES, Family, Sheet
from tools.pages.collection.writer import Writer

_MARGIN = 72.0
_RIGHT = A4[0] - _MARGIN
_INNER = _RIGHT - _MARGIN


def draw(writer: Writer, scale: float, variant: int) -> Sheet:
    """Return a page of a contract."""
    sheet = Sheet(A4, scale)
    family = FAMILIES[(variant + 1) % 3]
    (_first, _middle, _last)[variant % 3](sheet, writer, family)
    return sheet


def _first(sheet: Sheet, writer: Writer, family: Family) -> None:
    y = sheet.lines(("Supply Agreement",), A4[0] / 2, 60, family.bold.at(16), align="centre") + 10
    y = sheet.lines(("between",), A4[0] / 2, y, family.plain, align="centre") + 4
    for _ in range(2):
        y = (
            sheet.text(
                f"{writer.company()}, {writer.street()}, {writer.postcode()}, represented by {writer.person()}",
                _MARGIN,
                y,
                _INNER,
                family.plain,
            )
            + 6
        )
    y = _clauses(sheet, writer, family, y + 12, 1, 760)
    sheet.furniture("Page 1 of 9", A4[0] / 2, 804, family.plain.at(7.5), "centre")


def _middle(sheet: Sheet, writer: Writer, family: Family) -> None:
    sheet.furniture(f"Agreement {writer.reference()}", _MARGIN, 34, family.plain.at(7.5))
    sheet.furniture("Confidential", _RIGHT, 34, family.plain.at(7.5), "right")
    sheet.line(_MARGIN, 46, _RIGHT, 46, width=0.4)
    _clauses(sheet, writer, family, 64, 5, 770)
    sheet.furniture("4", A4[0] / 2, 804, family.plain.at(8), "centre")


def _last(sheet: Sheet, writer: Writer, family: Family) -> None:
    y = _clauses(sheet, writer, family, 60, 11, 420) + 14
    for letter, clause in zip(
        "abc",
        (
            "the price list of the current year;",
            "the drawings approved by both parties;",
            "the rules for visitors of the works.",
        ),
        strict=True,
    ):
        y = sheet.text(clause, _MARGIN + 20, y, _INNER - 20, family.plain, lead=f"({letter})", hang=24)
    y = (
        sheet.text(
            "In witness of which the parties have signed this Agreement in two copies.",
            _MARGIN,
            y + 14,
            _INNER,
            family.plain,
        )
        + 30
    )
    for x, flow, party in ((_MARGIN, "first", "For the Supplier"), (320.0, "second", "For the Customer")):
        sheet.lines((party,), x, y, family.bold, flow=flow)
        sheet.line(x, y + 56, x + 190, y + 56)
        sheet.lines(
            (writer.person(), writer.role(), f"{writer.town()}, {writer.date()}"), x, y + 60, family.plain, flow=flow
        )
    sheet.then("first", "second")


def _clauses(sheet: Sheet, writer: Writer, family: Family, y: float, number: int, bottom: float) -> float:
    while y < bottom - 70:
        y = sheet.text(writer.pick(prose.CLAUSE_TITLE), _MARGIN, y, _INNER, family.bold, lead=f"{number}.", hang=28) + 3
        for part in range(1, writer.random.randint(3, 4)):
            if y > bottom - 36:
                break
            text = writer.paragraph(prose.CLAUSE, writer.random.randint(1, 2))
            y = sheet.text(text, _MARGIN, y, _INNER, family.plain, lead=f"{number}.{part}", hang=28) + 4
        y += 7
        number += 1
    return y
