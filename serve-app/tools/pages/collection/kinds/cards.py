"""Business cards: one block, two blocks, centred on a dark ground."""

from tools.pages.collection.sheet import FAMILIES, Family, Sheet
from tools.pages.collection.writer import Writer

_SIZE = (241.0, 156.0)


def draw(writer: Writer, scale: float, variant: int) -> Sheet:
    """Return a business card, in the larger scale at which small things are scanned."""
    dark = variant % 3 == 2
    sheet = Sheet(_SIZE, scale * 1.8, paper="#3b1f2b" if dark else "white")
    ink = "#f5efe6" if dark else "black"
    base = FAMILIES[variant % 2]
    family = Family(base.plain.at(7).inked(ink), base.bold.inked(ink))
    company, person = writer.company(), writer.person()
    mail = f"office@{company.split()[0].lower().replace('&', 'and')}.example"
    if variant % 3 == 0:
        y = sheet.lines((person,), 16, 22, family.bold.at(12))
        y = sheet.lines((writer.role(),), 16, y, family.plain) + 26
        y = sheet.lines((company,), 16, y, family.bold.at(8))
        sheet.lines((writer.street(), writer.postcode(), writer.phone(), mail), 16, y, family.plain)
    elif variant % 3 == 1:
        sheet.lines((company,), 16, 16, family.bold.at(11))
        sheet.line(16, 34, 225, 34, colour="#b5651d", width=1)
        sheet.lines((person, writer.role(), mail), 16, 84, family.plain, flow="left")
        sheet.lines(
            (writer.street(), writer.postcode(), writer.phone()), 225, 84, family.plain, align="right", flow="right"
        )
        sheet.then("left", "right")
    else:
        y = sheet.lines((company,), _SIZE[0] / 2, 24, family.bold.at(11), align="centre") + 18
        y = sheet.lines((person, writer.role()), _SIZE[0] / 2, y, family.plain.at(8.5), align="centre") + 14
        sheet.lines((writer.phone(), mail, writer.postcode()), _SIZE[0] / 2, y, family.plain, align="centre")
    return sheet
