"""The golden pages: a letter, an invoice and a report in two columns. Their texts are our own.

The images are committed, because another version of Pillow or of a font would draw other pixels, and scores could then
not be compared. They need the DejaVu fonts of the system.
"""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from tools.pages import fonts
from tools.pages.canvas import Canvas, Grid, Style
from tools.pages.content import Columns, Element, Heading, Paragraph, Table

FOLDER = Path(__file__).resolve().parents[3] / "deploy" / "golden"

LETTER = (
    Heading("Harbour Library, Reading Room"),
    Paragraph("12 March 2026"),
    Paragraph("Dear Ms Lindqvist,"),
    Paragraph(
        "Thank you for lending us the ship's logs of the schooner Aurora. We have photographed all 418 pages and "
        "returned the two volumes by courier on Tuesday. The bindings arrived without damage."
    ),
    Paragraph(
        "Our reading of the entries for 1887 differs from the printed edition in three places. On 4 May the wind is "
        "given as north-east, not north-west; the position on 19 June reads 59.9 degrees; and the cook's name is "
        "spelled Henriksson throughout."
    ),
    Paragraph(
        "We would like to show the first volume in the spring exhibition, from 3 April to 28 June. Insurance would be "
        "arranged for a value of 7,500 euros. Please tell us by the end of the month whether you agree."
    ),
    Paragraph("With kind regards,"),
    Paragraph("Tomas Berg, Keeper of Manuscripts"),
)
INVOICE = (
    Heading("Invoice 2026-0147"),
    Paragraph("Northlight Instruments Ltd, 8 Quay Street, Aberdeen"),
    Table(
        (
            ("Item", "Quantity", "Price", "Amount"),
            ("Barometer", "2", "145.00", "290.00"),
            ("Compass rose", "12", "18.50", "222.00"),
            ("Chart lamp", "5", "64.20", "321.00"),
            ("Brass dividers", "3", "39.00", "117.00"),
        )
    ),
    Paragraph("Total due: 950.00 pounds, payable within 30 days.", bold=True),
    Paragraph("Goods remain the property of the seller until they are paid in full."),
)
REPORT = (
    Heading("Jahresbericht der Wetterwarte"),
    Columns(
        left=(
            Heading("Niederschlag", level=2),
            Paragraph(
                "Im Mai fielen 83 Millimeter Regen, fast doppelt so viel wie im langjährigen Mittel. Der nasseste Tag "
                "war der 17. Mai mit 31 Millimetern."
            ),
            Paragraph("Schnee lag an 22 Tagen, zuletzt am 9. März."),
        ),
        right=(
            Heading("Temperatur", level=2),
            Paragraph(
                "Der höchste Wert wurde am 2. August mit 34,6 Grad gemessen. Die Nächte blieben kühl; nur viermal sank "
                "das Thermometer nicht unter 20 Grad."
            ),
            Paragraph("Frost gab es an 61 Tagen."),
        ),
    ),
)
PAGES: dict[str, tuple[Element, ...]] = {"letter": LETTER, "invoice": INVOICE, "report": REPORT}
"""By the name of their files in `FOLDER`."""

_WIDTH, _HEIGHT, _MARGIN = 1_240, 1_500, 110
_TEXT = Style(fonts.DEJAVU_SANS, 26, leading=1.5, after=0.8)
_BOLD = Style(fonts.DEJAVU_SANS_BOLD, 26, leading=1.5, after=0.8)
_HEADINGS = {
    1: Style(fonts.DEJAVU_SANS_BOLD, 40, leading=1.5, after=0.8),
    2: Style(fonts.DEJAVU_SANS_BOLD, 30, leading=1.5, after=0.8),
}
_TABLE_COLUMNS = (400, 200, 200, 200)
_GRID = Grid(row_height=57, left=16, top=26 * 0.55, rule=2)
_BELOW_TABLE = 26 * 1.6
_COLUMN, _GUTTER = 460, 100


def draw(elements: Sequence[Element]) -> Image.Image:
    """Return a page as a grey image."""
    canvas = Canvas(_WIDTH, _HEIGHT, _MARGIN, mode="L")
    for element in elements:
        if isinstance(element, Table):
            canvas.table(element.rows, _TABLE_COLUMNS, _TEXT, _GRID, head=_BOLD)
            canvas.y += _BELOW_TABLE
        elif isinstance(element, Columns):
            top = canvas.y
            _column(canvas, element.left, _MARGIN)
            left, canvas.y = canvas.y, top
            _column(canvas, element.right, _MARGIN + _COLUMN + _GUTTER)
            canvas.y = max(left, canvas.y)
        else:
            canvas.write(element.text, _style(element))
    return canvas.image


def _column(canvas: Canvas, elements: Sequence[Heading | Paragraph], x: int) -> None:
    for element in elements:
        canvas.write(element.text, _style(element), x=x, width=_COLUMN)


def _style(element: Heading | Paragraph) -> Style:
    if isinstance(element, Heading):
        return _HEADINGS[element.level]
    return _BOLD if element.bold else _TEXT


def write(folder: Path = FOLDER) -> list[Path]:
    """Write all golden pages as PNG files; return their paths."""
    paths = [folder / f"{name}.png" for name in PAGES]
    for path, elements in zip(paths, PAGES.values(), strict=True):
        draw(elements).save(path, optimize=True)
    return paths
