"""The page that `npm start` reads first: a title, two columns and a table, as a PDF with real text.

The text is our own; examples/sample.facts.jsonl says what a good reading of it must and must not contain. Only this
module needs reportlab, of the version that `__main__.py` names: another one may write other bytes.
"""

from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, FrameBreak, PageTemplate, Paragraph, Spacer, Table, TableStyle

PATH = Path(__file__).resolve().parents[3] / "examples" / "sample.pdf"

TITLE = "The Lighthouse at Kettle Point"
STANDFIRST = "How a small tower on a low coast kept its light for a hundred and forty years."
LEFT = [
    "The tower at Kettle Point was finished in the autumn of 1871, two years late and well over its budget. Its "
    "builders had reckoned with sand and found clay, so that every stone of the first course had to be lifted out "
    "again and set on oak piles.",
    "The first keeper, Anna Lindqvist, moved in before the lamp did. Her log begins with the weather and hardly ever "
    "leaves it: fog on one day in five, gales from the north-west all through November, and once, in 1883, a red dusk "
    "that lasted for weeks.",
]
SECOND_HEADING = "From Oil to Electricity"
RIGHT = [
    "Rapeseed oil gave way to paraffin in 1889 and paraffin to electricity in 1934. Each change made the light "
    "stronger and the work lighter, until in 1968 the last keeper locked the door and left the tower to a clock.",
    "What it cost is easy to say, because the accounts survive. The table below gives the yearly means; the "
    "spending is in crowns of the time.",
]
TABLE = [
    ["Period", "Fuel", "Range (miles)", "Cost a year"],
    ["1871-1888", "Rapeseed oil", "11", "1,240"],
    ["1889-1933", "Paraffin", "15", "1,865"],
    ["1934-1967", "Electricity", "19", "2,310"],
    ["1968-2011", "Electricity, unattended", "22", "705"],
]
CLOSING = (
    "The lamp was switched off on 3 May 2011. Ships no longer need it, but the tower still stands on its oak, and the "
    "log lies open in the hall for anyone who wants to know what the weather was like."
)

_BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=11, leading=14.5, alignment=TA_JUSTIFY, spaceAfter=6)
_TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=24, leading=28, spaceAfter=6)
_STANDFIRST = ParagraphStyle("standfirst", fontName="Helvetica", fontSize=12, leading=16)
_HEADING = ParagraphStyle("heading", fontName="Helvetica-Bold", fontSize=16, leading=20, spaceAfter=6)


def write(path: Path = PATH) -> Path:
    """Write the page as a one-page PDF with real text, the same bytes every time; return its path."""
    width, height = A4
    margin, gutter = 22 * mm, 9 * mm
    column = (width - 2 * margin - gutter) / 2

    def frame(x: float, y: float, w: float, h: float) -> Frame:
        return Frame(x, y, w, h, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)

    frames = [
        frame(margin, height - 57 * mm, width - 2 * margin, 28 * mm),
        frame(margin, height - 135 * mm, column, 72 * mm),
        frame(margin + column + gutter, height - 135 * mm, column, 72 * mm),
        frame(margin, 30 * mm, width - 2 * margin, height - 167 * mm),
    ]

    def furniture(canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(margin, height - 15 * mm, "COASTAL LIGHTS QUARTERLY")
        canvas.drawRightString(width - margin, height - 15 * mm, "17")

    table = Table(TABLE, colWidths=[32 * mm, 52 * mm, 38 * mm, 38 * mm], hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), "Times-Roman", 11),
                ("FONT", (0, 0), (-1, 0), "Times-Bold", 11),
                ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
                ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
                ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black),
                ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
            ]
        )
    )
    document = BaseDocTemplate(
        str(path), pagesize=A4, title=TITLE, author="deepseek-ocr-pulumi", invariant=True, pageCompression=1
    )
    document.addPageTemplates(PageTemplate(frames=frames, onPage=furniture))
    document.build(
        [
            Paragraph(TITLE, _TITLE),
            Paragraph(STANDFIRST, _STANDFIRST),
            FrameBreak(),
            *(Paragraph(text, _BODY) for text in LEFT),
            FrameBreak(),
            Paragraph(SECOND_HEADING, _HEADING),
            *(Paragraph(text, _BODY) for text in RIGHT),
            FrameBreak(),
            table,
            Spacer(0, 8 * mm),
            Paragraph(CLOSING, _BODY),
        ]
    )
    return path
