"""Lines in the order in which their characters stand on paper, from left to right.

Text in PDFs stands in this order, and readers turn Arabic and Hebrew back when they extract or search it. Text in
logical order under a mirrored matrix, which some programs write, comes back reversed from PDF.js and pypdf.

The rules are those of https://www.unicode.org/reports/tr9/ for a line without explicit marks; brackets do not count
as pairs (N0), because readers do not count them so either.
"""

import unicodedata
from itertools import groupby

_RIGHT = frozenset({"R", "AL", "AN"})
_MIRRORED = dict(zip("()[]{}<>«»‹›≤≥", ")(][}{><»«›‹≥≤", strict=True))


def visual_order(text: str) -> str:
    """Return a line in visual order; one without letters that run from right to left is returned as it is."""
    classes = [unicodedata.bidirectional(character) or "L" for character in text]
    if _RIGHT.isdisjoint(classes):
        return text
    base = next((int(kind != "L") for kind in classes if kind in ("L", "R", "AL")), 0)
    levels = _levels(_neutral_resolved(_weak_resolved(classes, base), base), base)
    characters = [
        _MIRRORED.get(character, character) if level % 2 else character
        for character, level in zip(text, levels, strict=True)
    ]
    order = list(range(len(text)))
    for level in range(max(levels), 0, -1):
        runs = (list(run) for _, run in groupby(order, key=lambda index: levels[index] >= level))
        order = [index for run in runs for index in (reversed(run) if levels[run[0]] >= level else run)]
    return "".join(characters[index] for index in order)


def _weak_resolved(classes: list[str], base: int) -> list[str]:
    """Apply the rules W1 to W7: numbers, and what stands within and beside them."""
    start = "R" if base else "L"
    result: list[str] = []
    strong = start
    for kind in classes:
        if kind == "NSM":
            kind = result[-1] if result else start
        if kind == "EN" and strong == "AL":
            kind = "AN"
        if kind in ("L", "R", "AL"):
            strong = kind
        result.append("R" if kind == "AL" else kind)
    for index in range(1, len(result) - 1):
        before, kind, after = result[index - 1 : index + 2]
        if before == after and ((kind in ("ES", "CS") and before == "EN") or (kind == "CS" and before == "AN")):
            result[index] = before
    _spread(result, "ET", "EN")
    strong = start
    for index, kind in enumerate(result):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            result[index] = "L"
    return result


def _spread(classes: list[str], kind: str, number: str) -> None:
    """Make signs such as % and € part of the number that they touch."""
    start = 0
    for found, run in groupby(list(classes)):
        end = start + len(list(run))
        if found == kind and number in (*classes[start - 1 : start], *classes[end : end + 1]):
            classes[start:end] = [number] * (end - start)
        start = end


def _neutral_resolved(classes: list[str], base: int) -> list[str]:
    """Apply the rules N1 and N2: spaces and signs take the direction that is on both sides of them."""
    start = "R" if base else "L"
    directions = ["R" if kind in ("R", "EN", "AN") else kind for kind in classes]
    result: list[str] = []
    at = 0
    for neutral, run in groupby(directions, key=lambda kind: kind not in ("L", "R")):
        end = at + len(list(run))
        if neutral:
            before = directions[at - 1] if at else start
            after = directions[end] if end < len(directions) else start
            result += [before if before == after else start] * (end - at)
        else:
            result += classes[at:end]
        at = end
    return result


def _levels(classes: list[str], base: int) -> list[int]:
    if base:
        return [1 if kind == "R" else 2 for kind in classes]
    return [{"L": 0, "R": 1}.get(kind, 2) for kind in classes]
