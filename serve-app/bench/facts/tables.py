"""Tables of a page, in Markdown or HTML. A cell that spans rows or columns may have several neighbours on a side."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bs4 import BeautifulSoup, Tag

from bench.facts.matching import normalize

Direction = Literal["up", "down", "left", "right"]

_STEPS: dict[Direction, tuple[int, int]] = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
# No page has a cell over more rows or columns than this. A model that writes a larger number gets this one.
_WIDEST_SPAN = 100


@dataclass(frozen=True, eq=False)
class Source:
    """A cell as it is written: normalized text, whether it is a heading, how many rows and columns it covers."""

    text: str
    heading: bool = False
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, eq=False)
class Cell:
    """A cell in its place: row and column of its upper left corner, counted from 0."""

    source: Source
    y: int
    x: int

    @property
    def text(self) -> str:
        """The normalized text."""
        return self.source.text


Grid = list[list[Cell | None]]


class Table:
    """A grid of cells. A cell that spans stands in each place that it covers; None is a place without a cell."""

    def __init__(self, rows: list[list[Source]]) -> None:
        self.grid = _arrange(rows)

    def cells(self) -> Iterator[Cell]:
        """Yield each cell once, row by row."""
        for y, row in enumerate(self.grid):
            for x, cell in enumerate(row):
                if cell is not None and (cell.y, cell.x) == (y, x):
                    yield cell

    def neighbours(self, cell: Cell, direction: Direction) -> list[Cell]:
        """Return the cells next to a cell, past places without a cell: one for each row or column that it covers."""
        dy, dx = _STEPS[direction]
        rows, columns = range(cell.y, cell.y + cell.source.rows), range(cell.x, cell.x + cell.source.columns)
        edge = [(y, x) for y in rows for x in columns if not (y + dy in rows and x + dx in columns)]
        return [other for y, x in edge if (other := self._next(cell, y + dy, x + dx, dy, dx)) is not None]

    def headings(self, cell: Cell, direction: Direction) -> list[Cell]:
        """Return all heading cells on the way to the edge; where there is none, the cells at the edge."""
        headings, ends, visited, todo = [], [], {cell}, [cell]
        while todo:
            current = todo.pop()
            further = self.neighbours(current, direction)
            if current is not cell and current.source.heading:
                headings.append(current)
            if current is not cell and not further:
                ends.append(current)
            todo += [other for other in further if other not in visited]
            visited.update(further)
        return headings or ends

    def _next(self, cell: Cell, y: int, x: int, dy: int, dx: int) -> Cell | None:
        while 0 <= y < len(self.grid) and 0 <= x < len(self.grid[y]):
            other = self.grid[y][x]
            if other is not None and other is not cell:
                return other
            y, x = y + dy, x + dx
        return None


def _arrange(rows: list[list[Source]]) -> Grid:
    """Put cells into a grid: each takes the first place of its row that no cell from above covers."""
    grid: Grid = []
    below: list[tuple[Cell, int] | None] = []  # for each column, the cell that reaches into the next row, and how far
    while len(grid) < len(rows) or any(below):
        sources = list(rows[len(grid)]) if len(grid) < len(rows) else []
        line: list[Cell | None] = []
        while sources or len(line) < len(below):
            reaching = below[len(line)] if len(line) < len(below) else None
            if reaching is not None:
                below[len(line)] = (reaching[0], reaching[1] - 1) if reaching[1] > 1 else None
                line.append(reaching[0])
            elif sources:
                cell = Cell(sources.pop(0), len(grid), len(line))
                end = cell.x + cell.source.columns
                below += [None] * (end - len(below))
                below[cell.x : end] = [(cell, cell.source.rows - 1) if cell.source.rows > 1 else None] * (end - cell.x)
                line += [cell] * (end - cell.x)
            else:
                line.append(None)
        grid.append(line)
    width = max(map(len, grid), default=0)
    return [line + [None] * (width - len(line)) for line in grid]


def tables(page: str) -> list[Table]:
    """Return the tables of a page: first those in Markdown, then those in HTML."""
    found = [Table(rows) for rows in [*_markdown(page), *_html(page)]]
    return [table for table in found if any(table.cells())]


def _markdown(page: str) -> Iterator[list[list[Source]]]:
    """Yield the cells of each block of two or more lines with a pipe. First row and first column are headings."""
    for piped, block in itertools.groupby(page.split("\n"), lambda line: "|" in line):
        lines = [line.strip() for line in block]
        if piped and len(lines) > 1:
            rows = [cells for line in lines if not set(line) <= set("- :|") and (cells := _split(line))]
            yield [[Source(cell, y == 0 or x == 0) for x, cell in enumerate(cells)] for y, cells in enumerate(rows)]


def _split(line: str) -> list[str]:
    cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)]
    cells = cells[1:] if cells[0] == "" else cells
    cells = cells[:-1] if cells and cells[-1] == "" else cells
    return [normalize(cell) for cell in cells]


def _html(page: str) -> Iterator[list[list[Source]]]:
    """Yield the cells of each HTML table. A cell or row that is not closed ends where the next one begins."""
    soup = BeautifulSoup(page, "html.parser")
    for mark in soup.find_all("br"):
        mark.replace_with("\n")
    for table in soup.find_all("table"):
        rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
        yield [[_source(cell, len(rows) - y) for cell in _cells(row)] for y, row in enumerate(rows)]


def _cells(row: Tag) -> list[Tag]:
    return [cell for cell in row.find_all(["td", "th"]) if cell.find_parent("tr") is row]


def _source(cell: Tag, rows_left: int) -> Source:
    own = [text for text in cell.strings if text.find_parent(["td", "th"]) is cell]
    heading = cell.name == "th" or cell.find_parent("thead") is not None
    # In HTML a rowspan of 0 reaches to the end of the table.
    rows = rows_left if _attribute(cell, "rowspan") == "0" else _span(cell, "rowspan")
    return Source(normalize("".join(own).strip()), heading, rows, _span(cell, "colspan"))


def _span(cell: Tag, name: str) -> int:
    value = _attribute(cell, name)
    return min(max(int(value), 1), _WIDEST_SPAN) if re.fullmatch(r"[0-9]+", value) else 1


def _attribute(cell: Tag, name: str) -> str:
    value = cell.get(name)
    return value.strip() if isinstance(value, str) else ""
