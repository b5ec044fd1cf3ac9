"""Loops as a greedy model writes them under the n-gram guard: where a token is forbidden, the next best one comes."""

import random
import re
from collections.abc import Iterator, Sequence

_TOKEN = re.compile(r"<\|[^|]*\|>|</?td>| ?[^\W\d_]{1,6}|\d{1,3}|\n+|\s|[^\w\s]|_+")
_FREE = ("<td>", "</td>")
_HEAD = 29
"""Tokens of a block's head and a few words."""


def split(text: str) -> list[str]:
    """Split a text into pieces of the size that tokens have."""
    return _TOKEN.findall(text)


def guarded(
    unit: Sequence[str], count: int, seed: int, *, before: Sequence[str] = (), size: int = 30, window: int = 90
) -> list[str]:
    """Repeat `unit` until there are `count` tokens, as vLLM's NGramPerReqLogitsProcessor lets a model do it.

    A forbidden token is replaced, doubled up or left out, with one of a few that are likely at that place.
    """
    rng = random.Random(seed)  # noqa: S311
    out, place = list(before), 0
    likely: dict[int, list[str]] = {}
    while len(out) < count:
        wanted = unit[place % len(unit)]
        forbidden = _forbidden(out, size, window)
        if wanted not in forbidden or wanted in _FREE:
            out.append(wanted)
            place += 1
            continue
        others = likely.setdefault(place % len(unit), rng.sample([*unit, " a", " of", ".", ",", "\n", "1"], k=6))
        out.append(next((token for token in others if token not in forbidden), " x"))
        place += rng.choice([0, 1, 2])
    return out


def _forbidden(tokens: Sequence[str], size: int, window: int) -> set[str]:
    """Return what would complete a run of `size` tokens that is in the window already."""
    if len(tokens) < size:
        return set()
    prefix = tokens[len(tokens) - size + 1 :]
    starts = range(max(0, len(tokens) - window), len(tokens) - size + 1)
    return {tokens[at + size - 1] for at in starts if tokens[at : at + size - 1] == prefix}


def moving_blocks(text: str, count: int, step: int) -> str:
    """Repeat a block whose box moves down by `step`, until the page's edge."""
    tops = (min(30 + n * step, 980) for n in range(count))
    return "".join(f"<|ref|>text<|/ref|><|det|>[[115, {top}, 884, {top + 15}]]<|/det|>\n{text}\n\n" for top in tops)


def units(length: int) -> Iterator[tuple[str, list[str]]]:
    """Yield pieces of `length` tokens, by the kind of text that they are from."""
    for kind, text in _TEXTS.items():
        tokens = split(text)
        if kind != "blocks" or length >= _HEAD:
            yield kind, (tokens * (length // len(tokens) + 1))[:length]


_TEXTS = {
    "prose": "The committee met on Tuesday and adopted the minutes of its last meeting without a vote, after which the "
    "treasurer gave an account of what had been spent since spring and what was left for the repairs of the roof, the "
    "windows and the organ, which all present agreed could wait no longer. ",
    "table": "<tr><td>Payment</td><td>33.33</td><td></td><td>5277.52</td></tr><tr><td>Total of the month</td><td>12"
    "</td><td>0.00</td><td>7401.21</td></tr><tr><td>Interest</td><td></td><td>4.10</td><td>2637.86</td></tr>",
    "blocks": "<|ref|>text<|/ref|><|det|>[[115, 342, 881, 376]]<|/det|>\nFirst National Bank\n100 Main Street\n"
    "Springfield, IL 62701\n\n<|ref|>text<|/ref|><|det|>[[115, 420, 881, 466]]<|/det|>\nStatement of account\n\n",
}
