"""Whether a fact holds of a page's text."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.facts import matching
from bench.facts.matching import normalize
from bench.facts.tables import Cell, Table, tables

Fact = Mapping[str, Any]


def load(path: Path) -> list[Fact]:
    """Read a file of facts, one JSON object a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def failures(facts: Sequence[Fact], page: str) -> list[str]:
    """Return a line for each fact that does not hold: its id, what was expected and what came nearest."""
    found = []
    for fact in facts:
        reason = check(fact, page)
        if reason is not None:
            found.append(f"{fact.get('id', fact['type'])}: {reason}")
    return found


def check(fact: Fact, page: str) -> str | None:
    """Return why a fact does not hold of a page, or None if it does.

    Args:
        fact: `type` is `present` or `absent` (with `text`), `order` (with `before` and `after`) or `table` (with `cell`
            and its neighbours). `max_diffs` characters may differ, 0 if it is not given.
        page: The page as Markdown, as it was read.

    Raises:
        ValueError: The type is unknown, a text is empty, or `max_diffs` is more than half of a text of `order`.
    """
    if fact["type"] in ("present", "absent"):
        return _presence(fact, page)
    if fact["type"] == "order":
        return _order(fact, page)
    if fact["type"] == "table":
        return _table(fact, page)
    raise ValueError(f"unknown type of fact: {fact['type']!r}; use present, absent, order or table")


def _text(fact: Fact, key: str) -> str:
    text = normalize(fact[key])
    if not text.strip():
        raise ValueError(f"{key} of the fact {fact.get('id', fact['type'])!r} is empty; give it words")
    return text


def _max_diffs(fact: Fact) -> int:
    return int(fact.get("max_diffs", 0))


def _presence(fact: Fact, page: str) -> str | None:
    text, seen = _text(fact, "text"), normalize(page)
    if not fact.get("case_sensitive", True):
        text, seen = text.lower(), seen.lower()
    seen = _ends(seen, fact.get("first_n"), fact.get("last_n"))
    if matching.contains(seen, text, _max_diffs(fact)) == (fact["type"] == "present"):
        return None
    near = matching.nearest(seen, text)
    if fact["type"] == "absent":
        return f"{fact['text']!r} should be absent; found {near!r}"
    return f"{fact['text']!r} is missing (allowed: {_max_diffs(fact)} characters); nearest is {near!r}"


def _ends(page: str, first: int | None, last: int | None) -> str:
    """Return the first and last characters of a page; the whole page if neither is given."""
    if not first and not last:
        return page
    return page[: first or 0] + (page[-last:] if last else "")


def _order(fact: Fact, page: str) -> str | None:
    texts, seen, allowed = [_text(fact, key) for key in ("before", "after")], normalize(page), _max_diffs(fact)
    if allowed > min(map(len, texts)) // 2:
        raise ValueError(
            f"max_diffs of the fact {fact.get('id', 'order')!r} is {allowed}; it may be half of a text at most"
        )
    before, after = [matching.starts(seen, text, allowed) for text in texts]
    for text, places in zip(texts, (before, after), strict=True):
        if not places:
            return f"{text!r} is missing (allowed: {allowed} characters); nearest is {matching.nearest(seen, text)!r}"
    return None if min(before) < max(after) else f"{fact['before']!r} should come before {fact['after']!r}"


def _table(fact: Fact, page: str) -> str | None:
    found = tables(page)
    if not found:
        return f"cell {fact['cell']!r}: the text has no table"
    reasons = []
    for table in found:
        for cell in table.cells():
            if matching.same(_text(fact, "cell"), cell.text, _max_diffs(fact)):
                wrong = [key for key in _NEIGHBOURS if fact.get(key) and not _neighbour(fact, key, table, cell)]
                if not wrong:
                    return None
                reasons.append(f"cell {cell.text!r} in row {cell.y}, column {cell.x}: wrong " + ", ".join(wrong))
    return "; ".join(reasons) or f"no cell {fact['cell']!r} in {len(found)} tables"


_NEIGHBOURS = {
    "up": lambda table, cell: table.neighbours(cell, "up"),
    "down": lambda table, cell: table.neighbours(cell, "down"),
    "left": lambda table, cell: table.neighbours(cell, "left"),
    "right": lambda table, cell: table.neighbours(cell, "right"),
    "top_heading": lambda table, cell: table.headings(cell, "up"),
    "left_heading": lambda table, cell: table.headings(cell, "left"),
}


def _neighbour(fact: Fact, key: str, table: Table, cell: Cell) -> bool:
    return any(matching.same(_text(fact, key), other.text, _max_diffs(fact)) for other in _NEIGHBOURS[key](table, cell))
