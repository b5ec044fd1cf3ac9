"""What was drawn on a page, and the rules of olmOCR-bench that follow from it."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_LEAST = 3
"""Letters and digits of a text that is looked for; fewer stand on any page."""

_JOINED = 4
"""Words on each side of a line's end that must stand together."""


@dataclass(frozen=True, slots=True)
class Text:
    """Lines as they are drawn.

    Attributes:
        lines: From top to bottom; the pieces of a row from left to right.
        flow: Texts of the same flow are read in the order in which they are drawn; "" for those that have none.
        running: Whether the lines are one paragraph; else each stands for itself.
        each: Whether the order of the lines is part of the flow.
        lead: What stands before the first line, such as the number of a clause.
    """

    lines: tuple[str, ...]
    flow: str = "main"
    running: bool = False
    each: bool = False
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Cells:
    """A table; the first row is its head."""

    rows: tuple[tuple[str, ...], ...]
    flow: str = "main"


@dataclass(frozen=True, slots=True)
class Furniture:
    """What is no part of the text: a running head, the number of the page."""

    text: str


@dataclass(frozen=True, slots=True)
class Then:
    """Two flows beside each other, of which the first is read to its end before the second one."""

    first: str
    second: str


Drawn = Text | Cells | Furniture | Then


def rules(drawn: Sequence[Drawn], name: str, document: str, *, poor: bool) -> list[dict[str, Any]]:
    """Return the rules of a page.

    Args:
        drawn: All that is on it.
        name: Of the page; the rules' ids begin with it and go on with what they are about: `line`, `join` (two lines of
            a paragraph stand together), `lead`, `cell`, `order`, `column` (one flow before another), `furniture`.
        document: The image's path, from the folder of the rules.
        poor: Whether the image is so poor that twice as many characters may differ.
    """
    every = 10 if poor else 20
    found = [
        {"type": kind, **fields, "max_diffs": _allowed(fields, kind, every), "about": about}
        for about, kind, fields in _rules(drawn)
    ]
    return [
        {"pdf": document, "page": 1, "id": f"{name}/{rule.pop('about')}-{number:03}", **rule}
        for number, rule in enumerate(found)
    ]


def _rules(drawn: Sequence[Drawn]) -> Iterator[tuple[str, str, dict[str, str]]]:
    whole = " ".join(text for each in drawn for text in _texts(each))
    seen: set[str] = set()
    for each in drawn:
        if isinstance(each, Then):
            continue
        if isinstance(each, Furniture):
            if whole.count(each.text) == 1:
                yield "furniture", "absent", {"text": each.text}
            continue
        lines = [row[0] for row in each.rows] if isinstance(each, Cells) else each.lines
        for line in lines:
            if _weight(line) >= _LEAST and line not in seen:
                seen.add(line)
                yield "line", "present", {"text": line}
        if isinstance(each, Cells):
            yield from (("cell", "table", fields) for fields in _cells(each.rows))
        else:
            yield from _joins(each)
    flows = dict.fromkeys(each.flow for each in drawn if isinstance(each, Text | Cells) and each.flow)
    steps = {flow: _steps(drawn, flow, whole) for flow in flows}
    for one in steps.values():
        for before, after in itertools.pairwise(one):
            yield "order", "order", {"before": before[-1], "after": after[0]}
    for each in drawn:
        if isinstance(each, Then) and steps[each.first] and steps[each.second]:
            yield "column", "order", {"before": steps[each.first][-1][-1], "after": steps[each.second][0][0]}


def _texts(drawn: Drawn) -> Sequence[str]:
    if isinstance(drawn, Then):
        return ()
    if isinstance(drawn, Furniture):
        return (drawn.text,)
    return [cell for row in drawn.rows for cell in row] if isinstance(drawn, Cells) else drawn.lines


def _joins(text: Text) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield that the first two and the last two lines of a paragraph stand together, and its number before it."""
    if text.lead:
        yield "lead", "present", {"text": f"{text.lead} {' '.join(text.lines[0].split()[:_JOINED])}"}
    if text.running and len(text.lines) > 1:
        for above in dict.fromkeys((0, len(text.lines) - 2)):
            words = text.lines[above].split()[-_JOINED:] + text.lines[above + 1].split()[:_JOINED]
            yield "join", "present", {"text": " ".join(words)}


def _cells(rows: Sequence[Sequence[str]]) -> Iterator[dict[str, str]]:
    """Yield two cells of each row with their neighbours: the last one and the first one."""
    for y, row in enumerate(rows[1:], start=1):
        yield {"cell": row[-1], "left": row[-2], "top_heading": rows[0][-1]}
        below = {"down": rows[y + 1][0]} if y + 1 < len(rows) else {}
        yield {"cell": row[0], "right": row[1], **below}


def _steps(drawn: Sequence[Drawn], flow: str, whole: str) -> list[tuple[str, ...]]:
    """Return the texts of a flow in their order, from the first to the last one of each step.

    Only texts that stand once on the page can tell where they are.
    """
    steps: list[tuple[str, ...]] = []
    for each in drawn:
        if not isinstance(each, Text | Cells) or each.flow != flow:
            continue
        lines = [cell for row in each.rows for cell in row] if isinstance(each, Cells) else each.lines
        telling = [line for line in lines if _weight(line) >= _LEAST and whole.count(line) == 1]
        if isinstance(each, Text) and each.each:
            steps += [(line,) for line in telling]
        elif isinstance(each, Text) and not each.running:
            steps += [(line,) for line in dict.fromkeys((*telling[:1], *telling[-1:]))]
        elif telling:
            steps.append(tuple(telling))
    return steps


def _allowed(fields: dict[str, str], kind: str, every: int) -> int:
    """Return how many characters may differ: none in short texts, more for order, which is about places.

    Digits do not count for order: a price with another digit is another price.
    """
    if kind == "order":
        return min(sum(map(str.isalpha, text)) for text in fields.values()) // (2 + every // 5)
    shortest = min(map(len, fields.values()))
    return shortest // every if kind != "table" else int(shortest > every // 3)


def _weight(text: str) -> int:
    return sum(map(str.isalnum, text))
