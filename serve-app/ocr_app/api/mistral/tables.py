"""HTML tables as Markdown, where Markdown can say the same."""

from html import escape
from html.parser import HTMLParser

_CELLS = ("td", "th")
_KNOWN = frozenset(("table", "thead", "tbody", "tfoot", "tr", "td", "th", "br"))


def to_pipes(html: str) -> str | None:
    """Return one table as Markdown's pipes, its first row as the head.

    None where pipes would lose something: cells over several rows or columns, a table in a cell, any other markup, or
    text around the table.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    rows = [row for row in reader.rows if row]
    if reader.too_much or not rows:
        return None
    width = max(map(len, rows))
    head, *rest = [row + [""] * (width - len(row)) for row in rows]
    return "\n".join(map(_line, (head, ["---"] * width, *rest)))


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


class _Reader(HTMLParser):
    """Gathers the cells of one table.

    Attributes:
        rows: Texts of the cells.
        too_much: Whether there was something that pipes cannot say.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.too_much = False
        self._tables = 0
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        spans = {name: value for name, value in attrs if name in ("rowspan", "colspan")}
        if tag not in _KNOWN or any(value != "1" for value in spans.values()):
            self.too_much = True
        elif tag == "table":
            self._tables += 1
            self.too_much = self.too_much or self._tables > 1
        elif tag == "tr":
            self._end_cell()
            self.rows.append([])
        elif tag in _CELLS:
            self._end_cell()
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("<br>")

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag in (*_CELLS, "tr", "table"):
            self._end_cell()

    def close(self) -> None:
        """End what the table itself leaves open."""
        super().close()
        self._end_cell()

    def handle_data(self, data: str) -> None:
        """Take text."""
        if self._cell is not None:
            self._cell.append(escape(data, quote=False).replace("|", "\\|"))
        elif data.strip():
            self.too_much = True

    def _end_cell(self) -> None:
        if self._cell is not None:
            if not self.rows:
                self.rows.append([])
            self.rows[-1].append(" ".join("".join(self._cell).split()))
            self._cell = None
