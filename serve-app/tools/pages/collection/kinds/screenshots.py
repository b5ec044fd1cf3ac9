"""Screenshots: an article on the web, a chat in dark colours, settings beside a menu."""

from tools.pages.collection import prose, words
from tools.pages.collection.sheet import FAMILIES, Family, Sheet
from tools.pages.collection.writer import Writer

_SIZE = (640.0, 450.0)


def draw(writer: Writer, scale: float, variant: int) -> Sheet:
    """Return a screenshot."""
    dark = variant % 3 == 1
    sheet = Sheet(_SIZE, scale, paper="#1e1f24" if dark else "white")
    ink = "#e8e8ea" if dark else "#202124"
    family = Family(FAMILIES[0].plain.at(7.5).inked(ink), FAMILIES[0].bold.at(7.5).inked(ink))
    (_article, _chat, _settings)[variant % 3](sheet, writer, family)
    return sheet


def _article(sheet: Sheet, writer: Writer, family: Family) -> None:
    sheet.box(0, 0, _SIZE[0], 26, fill="#22577a", line=None)
    white = family.plain.inked("white")
    sheet.row(
        (
            ("Home", 24, "left"),
            ("Local news", 80, "left"),
            ("Sport", 150, "left"),
            ("Archive", 200, "left"),
            ("Sign in", 616, "right"),
        ),
        8,
        white,
        flow="",
    )
    y = sheet.text(writer.pick(words.HEADLINE), 24, 42, 400, family.bold.at(16)) + 2
    y = sheet.lines((f"{writer.person()}, {writer.date()}",), 24, y, family.plain.at(6.5).inked("#6b6f76")) + 6
    for number in range(4):
        y = sheet.text(writer.paragraph(prose.NEWS, 3), 24, y, 400, family.plain) + 7
        if number == 1:
            y = sheet.lines((writer.fill("What happens to {place}"),), 24, y, family.bold.at(10)) + 3
    sheet.box(450, 42, 166, 190, fill="#f3f5f7", line=None)
    below = sheet.lines(("Most read",), 460, 50, family.bold, flow="side") + 4
    for number in range(1, 5):
        below = (
            sheet.text(
                writer.pick(words.HEADLINE), 460, below, 146, family.plain, flow="side", lead=f"{number}", hang=14
            )
            + 5
        )
    sheet.then("main", "side")


def _chat(sheet: Sheet, writer: Writer, family: Family) -> None:
    sheet.lines((writer.person(),), 24, 12, family.bold.at(9))
    sheet.line(0, 32, _SIZE[0], 32, colour="#3a3b42")
    y = 44.0
    for number in range(8):
        text = writer.pick(prose.CHAT)
        mine = number % 2
        width = min(sheet.length(text, family.plain) + 2, 230)
        x = 616 - width - 12 if mine else 24.0
        lines = 2 if sheet.length(text, family.plain) > 228 else 1
        sheet.box(x, y, width + 12, 10 + lines * 10.2, fill="#2f5d50" if mine else "#33353d", line=None, round_=5)
        y = sheet.text(text, x + 6, y + 5, width + 1, family.plain) + 12
        y = (
            sheet.lines(
                (f"{9 + number}:{writer.random.randint(10, 59)}",),
                618 if mine else 24,
                y - 4,
                family.plain.at(6),
                align="right" if mine else "left",
            )
            + 6
        )


def _settings(sheet: Sheet, writer: Writer, family: Family) -> None:
    sheet.box(0, 0, 150, _SIZE[1], fill="#eef0f3", line=None)
    y = sheet.lines(("Settings",), 16, 16, family.bold.at(12), flow="menu") + 8
    for name in ("General", "Accounts", "Appearance", "Keyboard", "Privacy", "About this device"):
        y = sheet.lines((name,), 16, y, family.plain.at(8.5), flow="menu") + 7
    y = sheet.lines(("General",), 176, 16, family.bold.at(12)) + 10
    for number in range(9):
        value = ("On", "Off", writer.town(), "A4", f"{writer.few()} days", f"{writer.few()}.5 GB")[number % 6]
        y = sheet.row(((writer.pick(prose.SETTING), 176, "left"), (value, 612, "right")), y, family.plain) + 4
        sheet.line(176, y, 612, y, width=0.3, colour="#c9ccd1")
        y += 7
    y = sheet.text(
        "Changes take effect when the program is started again. They are kept on this device only.",
        176,
        y + 6,
        436,
        family.plain,
    )
    sheet.box(540, y + 12, 72, 20, fill="#1a66cc", line=None, round_=4)
    sheet.lines(("Save changes",), 576, y + 17, family.plain.inked("white"), align="centre")
