"""Draws the golden pages of this repository: `python deploy/golden/render.py`. Their texts are our own.

The images are committed, because another version of Pillow or of a font would draw other pixels and so make
scores incomparable. Needs the DejaVu fonts.
"""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).parent
SIZE = (1_240, 1_500)
MARGIN = 110
LINE = 1.5
"""Line height, in font sizes."""


class Page:
    """A white page that is written from top to bottom; positions in pixels."""

    def __init__(self) -> None:
        self.image = Image.new("L", SIZE, 255)
        self.draw = ImageDraw.Draw(self.image)
        self.y = float(MARGIN)

    def write(self, text: str, size: int = 26, *, bold: bool = False, x: int = MARGIN, width: int = 0) -> None:
        """Write a paragraph, broken into lines of at most `width` pixels (0: to the right margin)."""
        font = _font(size, bold=bold)
        line = ""
        for word in [*text.split(), None]:
            longer = f"{line} {word}".strip()
            if word is not None and self.draw.textlength(longer, font=font) <= (width or SIZE[0] - x - MARGIN):
                line = longer
                continue
            self.draw.text((x, self.y), line, font=font, fill=0)
            self.y += size * LINE
            line = word or ""
        self.y += size * 0.8

    def table(self, rows: list[list[str]], columns: list[int], size: int = 26) -> None:
        """Draw a ruled table with columns of the given widths in pixels."""
        height = round(size * 2.2)
        edges = [MARGIN + sum(columns[:index]) for index in range(len(columns) + 1)]
        for row, cells in enumerate(rows):
            for x, cell in zip(edges, cells, strict=False):
                self.draw.text((x + 16, self.y + size * 0.55), cell, font=_font(size, bold=row == 0), fill=0)
            self.draw.line((edges[0], self.y, edges[-1], self.y), fill=0, width=2)
            self.y += height
        top = self.y - height * len(rows)
        self.draw.line((edges[0], self.y, edges[-1], self.y), fill=0, width=2)
        for x in edges:
            self.draw.line((x, top, x, self.y), fill=0, width=2)
        self.y += size * 1.6

    def save(self, name: str) -> None:
        """Write the page as NAME.png."""
        self.image.save(HERE / f"{name}.png", optimize=True)


def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf", size)


def letter() -> None:
    """Plain prose in one column."""
    page = Page()
    page.write("Harbour Library, Reading Room", 40, bold=True)
    page.write("12 March 2026")
    page.write("Dear Ms Lindqvist,")
    page.write(
        "Thank you for lending us the ship's logs of the schooner Aurora. We have photographed all 418 pages and "
        "returned the two volumes by courier on Tuesday. The bindings arrived without damage."
    )
    page.write(
        "Our reading of the entries for 1887 differs from the printed edition in three places. On 4 May the wind is "
        "given as north-east, not north-west; the position on 19 June reads 59.9 degrees; and the cook's name is "
        "spelled Henriksson throughout."
    )
    page.write(
        "We would like to show the first volume in the spring exhibition, from 3 April to 28 June. Insurance would be "
        "arranged for a value of 7,500 euros. Please tell us by the end of the month whether you agree."
    )
    page.write("With kind regards,")
    page.write("Tomas Berg, Keeper of Manuscripts")
    page.save("letter")


def invoice() -> None:
    """A ruled table."""
    page = Page()
    page.write("Invoice 2026-0147", 40, bold=True)
    page.write("Northlight Instruments Ltd, 8 Quay Street, Aberdeen")
    page.table(
        [
            ["Item", "Quantity", "Price", "Amount"],
            ["Barometer", "2", "145.00", "290.00"],
            ["Compass rose", "12", "18.50", "222.00"],
            ["Chart lamp", "5", "64.20", "321.00"],
            ["Brass dividers", "3", "39.00", "117.00"],
        ],
        [400, 200, 200, 200],
    )
    page.write("Total due: 950.00 pounds, payable within 30 days.", bold=True)
    page.write("Goods remain the property of the seller until they are paid in full.")
    page.save("invoice")


def report() -> None:
    """Two columns in German."""
    page = Page()
    page.write("Jahresbericht der Wetterwarte", 40, bold=True)
    top, width = page.y, 460
    page.write("Niederschlag", 30, bold=True, width=width)
    page.write(
        "Im Mai fielen 83 Millimeter Regen, fast doppelt so viel wie im langjährigen Mittel. Der nasseste Tag war "
        "der 17. Mai mit 31 Millimetern.",
        width=width,
    )
    page.write("Schnee lag an 22 Tagen, zuletzt am 9. März.", width=width)
    page.y, right = top, MARGIN + width + 100
    page.write("Temperatur", 30, bold=True, x=right, width=width)
    page.write(
        "Der höchste Wert wurde am 2. August mit 34,6 Grad gemessen. Die Nächte blieben kühl; nur viermal sank das "
        "Thermometer nicht unter 20 Grad.",
        x=right,
        width=width,
    )
    page.write("Frost gab es an 61 Tagen.", x=right, width=width)
    page.save("report")


if __name__ == "__main__":
    letter()
    invoice()
    report()
