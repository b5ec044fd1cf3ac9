"""The cells of a table, row by row."""

import re
from html.parser import HTMLParser

from ocr_app.documents.text_layer.plain import plain_text

_HTML = re.compile(r"<(?:table|tr|t[dh])\b", re.IGNORECASE)
_ROW = re.compile(r"^\s*\|?(.*?)\|?\s*$")
_SEPARATOR = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_PIPE = re.compile(r"(?<!\\)\|")


def table_rows(text: str) -> list[list[str]]:
    """Return the texts of a table's cells, by rows; empty cells and rows are left out.

    Args:
        text: HTML, as the model writes tables, which may be cut off; or Markdown with pipes.

    Returns:
        Nothing if the text is no table.
    """
    if _HTML.search(text):
        parser = _Cells()
        parser.feed(text)
        parser.close()
        rows = parser.rows
    elif any(_SEPARATOR.match(line) and "|" in line for line in text.splitlines()):
        rows = [
            _PIPE.split(_ROW.sub(r"\1", line))
            for line in text.splitlines()
            if "|" in line and not _SEPARATOR.match(line)
        ]
    else:
        return []
    cells = [[" ".join(plain_text(cell).split()) for cell in row] for row in rows]
    return [kept for row in cells if (kept := [cell for cell in row if cell])]


class _Cells(HTMLParser):
    """Gathers the texts of cells; what stands in a table outside of its cells makes one of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
            self._open = False
        elif tag in ("td", "th"):
            self._row().append("")
            self._open = True
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._open = False

    def handle_data(self, data: str) -> None:
        if not self._open:
            if not data.strip():
                return
            self._row().append("")
            self._open = True
        self._row()[-1] += data

    def _row(self) -> list[str]:
        if not self.rows:
            self.rows.append([])
        return self.rows[-1]
