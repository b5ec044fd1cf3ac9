"""Checks expected facts against a page's text, in the form of olmOCR-bench's tests.

A fact is one JSON object: `present` (the text appears), `absent` (it does not), `order` (`before` appears ahead of
`after`) and `table` (a cell, with its neighbours and headings). White space, case, quotation marks, dashes and Markdown
marks do not matter, and `max_diffs` characters may differ; where a fact does not say, one character in 50.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

Fact = Mapping[str, Any]
Grid = list[list[str]]

_FOLDED = str.maketrans({"’": "'", "‘": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_MARKERS = re.compile(r"^(?:#{1,6}\s|-\s)|\*\*|__", re.MULTILINE)
_CHARACTERS_A_DIFF = 50


def load(path: Path) -> list[Fact]:
    """Read a file of facts, one JSON object a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def fold(text: str) -> str:
    """Return a text as facts are compared: one kind of dash, quotation mark and space, lower case, no markers."""
    text = _MARKERS.sub("", unicodedata.normalize("NFKC", text)).replace("\\", "").translate(_FOLDED)
    text = _DASHES.sub("-", text).replace("''", '"')
    return " ".join(text.lower().split())


def failures(facts: Sequence[Fact], text: str) -> list[str]:
    """Return a line for each fact that does not hold: its id, what was expected and what came nearest."""
    found = []
    for fact in facts:
        reason = check(fact, text)
        if reason is not None:
            found.append(f"{fact.get('id', fact['type'])}: {reason}")
    return found


def check(fact: Fact, text: str) -> str | None:
    """Return why a fact does not hold, or None where it does.

    Raises:
        ValueError: The fact is of an unknown type.
    """
    page = fold(text)
    if fact["type"] == "present":
        return _missing(fact["text"], page, _diffs(fact, fact["text"]))
    if fact["type"] == "absent":
        place = _find(fold(fact["text"]), page, int(fact.get("max_diffs", 0)))
        return None if place is None else f"{fact['text']!r} should be absent; found {_around(page, place)!r}"
    if fact["type"] == "order":
        return _order(fact, page)
    if fact["type"] == "table":
        return _table(fact, text)
    raise ValueError(f"unknown type of fact: {fact['type']!r}")


def _diffs(fact: Fact, text: str) -> int:
    return int(fact.get("max_diffs", len(fold(text)) // _CHARACTERS_A_DIFF))


def _find(needle: str, page: str, diffs: int) -> tuple[int, int] | None:
    """Return where a text stands, from its first to past its last character, or None."""
    start = page.find(needle)
    if start >= 0:
        return start, start + len(needle)
    if not diffs or not page:
        return None
    nearest = fuzz.partial_ratio_alignment(needle, page, score_cutoff=100 * (1 - diffs / len(needle)))
    return None if nearest is None else (nearest.dest_start, nearest.dest_end)


def _missing(expected: str, page: str, diffs: int) -> str | None:
    needle = fold(expected)
    if _find(needle, page, diffs) is not None:
        return None
    nearest = fuzz.partial_ratio_alignment(needle, page)
    near = page[nearest.dest_start : nearest.dest_end] if nearest else ""
    return f"{expected!r} is missing (allowed: {diffs} characters); nearest is {near!r}"


def _order(fact: Fact, page: str) -> str | None:
    places = {}
    for key in ("before", "after"):
        reason = _missing(fact[key], page, _diffs(fact, fact[key]))
        if reason is not None:
            return reason
        places[key] = _find(fold(fact[key]), page, _diffs(fact, fact[key]))
    first = places["before"]
    # The text may appear more than once: what counts is that some `after` follows the first `before`.
    if first is not None and _find(fold(fact["after"]), page[first[1] :], _diffs(fact, fact["after"])) is not None:
        return None
    return f"{fact['before']!r} should come before {fact['after']!r}"


def _around(page: str, place: tuple[int, int]) -> str:
    return page[max(0, place[0] - 20) : place[1] + 20]


def tables(text: str) -> Iterator[Grid]:
    """Yield the Markdown tables of a text as rows of cells, without the line under the head."""
    block: Grid = []
    for line in [*text.splitlines(), ""]:
        if line.strip().startswith("|"):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
            if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                block.append(cells)
        elif block:
            width = max(map(len, block))
            yield [row + [""] * (width - len(row)) for row in block]
            block = []


def _table(fact: Fact, text: str) -> str | None:
    grids = list(tables(text))
    if not grids:
        return f"cell {fact['cell']!r}: the text has no table"
    reasons = []
    for grid in grids:
        for y, row in enumerate(grid):
            for x, cell in enumerate(row):
                if _same(fact["cell"], cell):
                    wrong = [key for key in _NEIGHBOURS if key in fact and not _neighbour(key, fact[key], grid, x, y)]
                    if not wrong:
                        return None
                    reasons.append(f"cell {cell!r} in row {y}, column {x}: wrong " + ", ".join(wrong))
    return "; ".join(reasons) or f"no cell {fact['cell']!r} in {len(grids)} tables"


_NEIGHBOURS = ("up", "down", "left", "right", "top_heading", "left_heading")


def _neighbour(key: str, expected: str, grid: Grid, x: int, y: int) -> bool:
    column = [row[x] for row in grid]
    step = {"up": column[y - 1 : y] if y else [], "down": column[y + 1 : y + 2]}
    step |= {"left": grid[y][x - 1 : x] if x else [], "right": grid[y][x + 1 : x + 2]}
    # A heading may have headings over it.
    step |= {"top_heading": column[:y], "left_heading": grid[y][:x]}
    return any(_same(expected, cell) for cell in step[key])


def _same(expected: str, cell: str) -> bool:
    """Whether a cell says this, give or take a currency sign and one character in 50."""
    wanted, seen = (fold(value).replace("$", "").strip() for value in (expected, cell))
    return wanted == seen or fuzz.ratio(wanted, seen) >= 100 * (1 - 1 / _CHARACTERS_A_DIFF)
