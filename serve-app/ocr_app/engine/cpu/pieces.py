"""A page that was read, as the pieces of an answer."""

from ocr_app.engine.cpu.answer import Piece, Writing
from ocr_app.engine.cpu.layout.furniture import Parts
from ocr_app.engine.cpu.layout.labels import layout_block
from ocr_app.engine.cpu.layout.markdown import to_markdown, to_plain_text
from ocr_app.engine.cpu.layout.page import all_blocks
from ocr_app.engine.cpu.layout.types import FURNITURE
from ocr_app.engine.cpu.reader import PageLines


def page_pieces(page: PageLines, parts: Parts, writing: Writing, *, keep: bool) -> list[Piece]:
    """Return the blocks of a page in reading order.

    Args:
        page: What was read.
        parts: Its lines, told apart from its furniture.
        writing: What the answer is.
        keep: Whether furniture is part of the answer. It is part of the layout beside Markdown in any case.
    """
    write = to_plain_text if writing == "text" else to_markdown
    pieces = []
    for block in all_blocks(parts, page.width, page.height, page.regions):
        shown = keep or block.kind not in FURNITURE
        if shown or writing != "layout":
            pieces.append(Piece(write(block) if shown else "", layout_block(block, page.regions, page.place_of)))
    return pieces
