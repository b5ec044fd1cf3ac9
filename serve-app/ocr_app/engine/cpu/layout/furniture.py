"""What stands on a page and is not part of its text: page numbers, running heads and feet, text along the margins.

Only what is certainly that: the first row of a page is as often the end of a paragraph, a letter's date or an invoice's
number, and the last one a sum or a signature. Where in doubt, a row is text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ocr_app.engine.cpu.layout import outside, page_kind, page_numbers
from ocr_app.engine.cpu.layout.content import (
    is_imprint,
    is_in_running_style,
    is_provenance,
    reads_like_content,
    states_fact,
)
from ocr_app.engine.cpu.layout.repetition import RowText, repeated, row_texts
from ocr_app.engine.cpu.layout.rows import Row, join, rows
from ocr_app.engine.cpu.layout.spaces import repair
from ocr_app.engine.cpu.layout.types import Box, FurnitureKind, Line, overlap, text_height, union

_LEAST_LINES = 8
"""Nothing is furniture on a page with fewer lines, such as a receipt, a slide or a caption."""

_MOST_ROWS = 4
"""Of furniture, at the top and at the bottom."""

_EDGE = 0.12
"""Share of the page's height, at its top and bottom, where heads and feet stand; of its width, for its margins."""

_APART = 1.35
"""Steps from line to line, of the running text, that set a row off from it."""

_TALLEST = 1.25
"""Height of a running head, in heights of the running text; a heading is taller."""

_TALLEST_NAMED = 1.6
"""Height of one that a model names, such as a journal's logo."""

_MOST_PIECES = 3
"""Of a running head: at the left, in the middle, at the right. A menu has more."""

_COVERED = 0.6
"""Share of a row's letters, and of a piece of it, that a model's boxes for heads cover."""

_MARGIN = 0.25
"""Of a line's box around its letters, in heights of the box; a narrow box has less at its sides."""

_FIGURE = re.compile(r"^\W*\d[\d.,' ]*\W*[A-Za-z]{0,3}$")
_ENDS_SENTENCE = re.compile(r"[.!?。！？][\"'”’)\]»]*\d{0,2}$")
_ASKS = re.compile(r"[:?=：？]\s*$")


@dataclass(frozen=True, slots=True)
class Furniture:
    """A row at an edge, or a line along a margin.

    Attributes:
        kind: What it is; a head or foot may hold the page number too.
        text: Its words, from left to right.
        box: Its place on the straightened page.
    """

    kind: FurnitureKind
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Parts:
    """A page's lines, told apart.

    Attributes:
        body: The lines of the text, in the order given.
        head: Furniture at the top, from top to bottom.
        foot: Furniture at the bottom, from top to bottom.
        margin: Text along the sides.
        rows: What all rows say, for the pages that follow.
    """

    body: tuple[Line, ...]
    head: tuple[Furniture, ...]
    foot: tuple[Furniture, ...]
    margin: tuple[Furniture, ...]
    rows: tuple[RowText, ...]

    @property
    def furniture(self) -> tuple[Furniture, ...]:
        """All of it: heads, feet, margins."""
        return (*self.head, *self.foot, *self.margin)


def parts(
    lines: Sequence[Line],
    width: float,
    height: float,
    *,
    heads: Sequence[Box] = (),
    earlier: Sequence[Sequence[RowText]] = (),
) -> Parts:
    """Tell the text of a page from what is certainly furniture.

    - A page number alone in its row, apart from the text: one that says so ("Page 3 of 10", "- 3 -"); or a bare one
      where numbers of pages stand, on a page of running text, with no other number above or below it; or one in a
      bottom corner of a slide, outside of everything else.
    - A running head or foot: a row that does not read like content, with a page number on the other side of a page of
      running text; or one apart from the text that says where a printed work comes from, that an earlier page has in
      the same place, or that a model calls one.
      On a copy that says where it comes from, a model is also believed where the text says the same words again.
    - Sideways text outside the running text, in the outer margin; what says there where the copy comes from on any
      page.

    Args:
        lines: All lines of a page, in any order.
        width: Of the page, in pixels.
        height: Of the page, in pixels.
        heads: Boxes that a model takes for heads and feet, on the straightened page.
        earlier: `Parts.rows` of the request's pages before, in order.

    Returns:
        Every line in exactly one part; all of them in the body on a page that has few.
    """
    level = [line for line in lines if not line.vertical]
    enough = len(level) >= _LEAST_LINES
    numbers = outside.corner_numbers(level, width, height) if enough else []
    apart = set(map(id, numbers))
    stacked = rows([line for line in level if id(line) not in apart])
    said = row_texts(stacked, height)
    kinds: Mapping[int, FurnitureKind] = {}
    if enough:
        known = repeated(said, earlier) if earlier else set()
        kinds = _Page(stacked, [row.folded for row in said], width, height, heads, known).edges()
    inside = [piece for index, row in enumerate(stacked) if index not in kinds for piece in row]
    if not inside:
        return Parts(tuple(lines), (), (), (), said)
    running = enough and page_kind.is_running_text(level)
    sideways = [line for line in lines if line.vertical]
    along = outside.along_margins(sideways, inside, width, text_height(level), running=running)
    taken = {id(piece) for index in kinds for piece in stacked[index]} | set(map(id, (*along, *numbers)))
    found = {index: _furniture(kind, stacked[index]) for index, kind in sorted(kinds.items())}
    middle = len(stacked) // 2
    return Parts(
        body=tuple(line for line in lines if id(line) not in taken),
        head=tuple(piece for index, piece in found.items() if index < middle),
        foot=(
            *(piece for index, piece in found.items() if index >= middle),
            *(_furniture("page_number", [number]) for number in numbers),
        ),
        margin=tuple(_furniture("margin", [line]) for line in along),
        rows=said,
    )


def _furniture(kind: FurnitureKind, row: Row) -> Furniture:
    whole = join(row)
    return Furniture(kind, repair(whole.text), whole.box)


class _Page:
    """Rows of a page, and what tells whether one of them is furniture."""

    def __init__(
        self,
        stacked: Sequence[Row],
        said: Sequence[str],
        width: float,
        height: float,
        heads: Sequence[Box],
        known: set[int],
    ) -> None:
        level = [piece for row in stacked for piece in row]
        self._stacked = stacked
        self._boxes = [union(piece.box for piece in row) for row in stacked]
        self._width, self._height = width, height
        # Where most rows begin and end: single ones may reach into the margins.
        self._left = sorted(box.left for box in self._boxes)[len(stacked) // 10]
        self._right = sorted(box.right for box in self._boxes)[-1 - len(stacked) // 10]
        self._heads, self._known = heads, known
        self._said = said
        self._has_some = False
        self._is_copy = False
        self._unit = text_height(level)
        self._pitch = page_kind.pitch(level, self._unit)
        self._text = page_kind.is_running_text(level)
        self._letter = page_kind.is_letter(level)
        self._numbers = [piece.box for piece in level if _FIGURE.match(piece.text)]

    def edges(self) -> dict[int, FurnitureKind]:
        """Return the furniture at the top and at the bottom, by the index of its row."""
        found = {**self._edge(top=True), **self._edge(top=False)}
        if not found or self._has_some or not self._heads:
            return found
        # A model is believed more on a page that has furniture anyway.
        self._has_some = True
        self._is_copy = any(is_provenance(join(self._stacked[index]).text) for index in found)
        return self.edges()

    def _edge(self, *, top: bool) -> Mapping[int, FurnitureKind]:
        count = len(self._stacked)
        order = range(count) if top else range(count - 1, -1, -1)
        found: dict[int, FurnitureKind] = {}
        # From the inside: a row beyond another piece of furniture is apart from the text as that is.
        for place in reversed(range(min(_MOST_ROWS, count // 2))):
            index, inward = order[place], order[place + 1]
            kind = self._kind(index, inward, place, top=top, beyond=inward in found)
            if kind is not None:
                found[index] = kind
        return found

    def _kind(self, index: int, inward: int, place: int, *, top: bool, beyond: bool) -> FurnitureKind | None:
        row, box = self._stacked[index], self._boxes[index]
        at_edge = (box.bottom if top else self._height - box.top) <= _EDGE * self._height
        apart = beyond or self._is_apart(index, inward)
        # Old books set the running head as near to the text as its lines are to each other.
        spread = self._text and at_edge and len(row) > 1 and self._beside_number(index)
        if not (apart or spread) or not (at_edge or place == 0):
            return None
        named = at_edge and self._in_heads(row)
        repeats = at_edge and index in self._known
        if len(row) == 1 and (number := page_numbers.number_kind(row[0].text)):
            if number == "said":
                return "page_number"
            placed = number == "bare" and self._is_placed(index, inward, at_edge=at_edge, top=top)
            # On other pages than those of running text a number is rather a sum or an answer, whatever a model says.
            named = named and (self._text or self._gap(index, inward) > 3 * self._unit)
            is_page = (repeats or named or placed) and not _ASKS.search(self._stacked[inward][-1].text)
            return "page_number" if is_page and not self._among_numbers(box, 1 / 3 if self._text else 1) else None
        kind: FurnitureKind = "head" if top else "foot"
        text = join(row).text
        words = [piece.text for piece in row if not page_numbers.number_kind(piece.text)]
        if max(piece.box.height for piece in row) > (_TALLEST_NAMED if named else _TALLEST) * self._unit:
            return None
        if not any(map(str.isalpha, text)) and not is_imprint(text):
            return None
        if states_fact(text) or any(map(reads_like_content, words)):
            return None
        if self._text and self._beside_number(index):
            return kind
        if len(words) > _MOST_PIECES and not repeats:
            return None
        if repeats or (at_edge and is_imprint(text) and (beyond or (self._text and not self._letter))):
            return kind
        # The cover of a copy, which is no running text, has its publisher's name at the top and again in the text.
        again = top and self._is_copy and not self._letter and self._said.count(self._said[index]) > 1
        return kind if named and (again or self._can_be_head(text, top=top)) else None

    def _gap(self, index: int, inward: int) -> float:
        box, other = self._boxes[index], self._boxes[inward]
        return max(box.top, other.top) - min(box.bottom, other.bottom)

    def _is_apart(self, index: int, inward: int) -> bool:
        step = abs(self._boxes[index].middle - self._boxes[inward].middle)
        return self._gap(index, inward) > 0.1 * self._unit and step >= _APART * self._pitch

    def _is_placed(self, index: int, inward: int, *, at_edge: bool, top: bool) -> bool:
        """Whether a bare number stands where page numbers do; at the top in the middle stand chapters' numbers."""
        box, gap = self._boxes[index], self._gap(index, inward)
        # No sum and no answer is a Roman number in lower case.
        roman = len(text := self._stacked[index][0].text) > 1 and text.isalpha() and gap > 3 * self._unit and not top
        if not (self._text or roman) or box.height > 1.5 * self._unit:
            return False
        centre = (self._left + self._right) / 2
        centred = min(abs(box.centre - centre), abs(box.centre - self._width / 2)) < 1.5 * self._unit
        if not at_edge:
            # Some pages are cut from larger sheets.
            return (
                not top
                and centred
                and gap > 1.5 * self._unit
                and bool(_ENDS_SENTENCE.search(self._stacked[inward][-1].text))
            )
        if top:
            return self._at_right(box)
        return gap > 0.6 * self._unit and (centred or self._at_left(box) or self._at_right(box))

    def _beside_number(self, index: int) -> bool:
        """Whether a row is words and, at a side of the text and far from them, a page number, or one that says so.

        A word and a number are rather a key and its value ("Serves 4").
        """
        row = self._stacked[index]
        if len(row) == 1:
            rest = page_numbers.before_number(row[0].text)
            return rest is not None and not reads_like_content(rest)
        kinds = [page_numbers.number_kind(piece.text) for piece in row]
        if sum(kind is not None for kind in kinds) != 1:
            return False
        words = sum(len(piece.text.split()) for piece, kind in zip(row, kinds, strict=True) if kind is None)
        for number, neighbour, kind in ((row[0], row[1], kinds[0]), (row[-1], row[-2], kinds[-1])):
            if kind is None or kind == "long" or words < 2:
                continue
            gap = max(number.box.left, neighbour.box.left) - min(number.box.right, neighbour.box.right)
            outside = self._at_left(number.box) or self._at_right(number.box)
            if kind == "said" or (gap > 4 * self._unit and outside and not self._among_numbers(number.box, 1)):
                return True
        return False

    def _can_be_head(self, text: str, *, top: bool) -> bool:
        """Whether a model may be believed that calls a row a head or foot, whose words could be one's."""
        # Letters have the sender at their edges; forms, menus and slides have titles there.
        if self._letter or not (self._text or is_imprint(text)):
            return False
        # Other words may be a heading or a name at the bottom.
        return top or is_in_running_style(text) or self._has_some

    def _in_heads(self, row: Row) -> bool:
        return sum(len(piece.text) for piece in row if self._is_in_heads(piece.box)) >= _COVERED * sum(
            len(piece.text) for piece in row
        )

    def _is_in_heads(self, box: Box) -> bool:
        # The boxes of lines have a margin, those of a model are tight.
        x, y = _MARGIN * min(box.width, box.height), _MARGIN * box.height
        inner = Box(box.left + x, box.top + y, box.right - x, box.bottom - y)
        area = sum(
            overlap(inner.left, inner.right, head.left, head.right)
            * overlap(inner.top, inner.bottom, head.top, head.bottom)
            for head in self._heads
        )
        return area >= _COVERED * max(1.0, inner.width * inner.height)

    def _among_numbers(self, box: Box, within: float) -> bool:
        """Whether a number has others above or below it, as amounts, cells, counts of lines and marks on an axis do.

        Args:
            box: Of the number.
            within: How far to look, as a share of the page's height.
        """
        near = 0.75 * self._unit
        return any(
            other.middle != box.middle
            and abs(other.middle - box.middle) < within * self._height
            and (
                abs(other.left - box.left) < near
                or abs(other.right - box.right) < near
                or abs(other.centre - box.centre) < near
            )
            for other in self._numbers
        )

    def _at_left(self, box: Box) -> bool:
        return box.left < self._left + 1.5 * self._unit

    def _at_right(self, box: Box) -> bool:
        return box.right > self._right - 1.5 * self._unit
