"""Which lines of a paragraph end where they do on purpose: addresses, verse, names below each other.

Running text is broken where the next word has no room. So a line that leaves room for it was ended by its author. How
much room there was is told by the longest line of the column, and better by that of the paragraph, which may be set in.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from ocr_app.engine.cpu.layout.addresses import ends_an_address
from ocr_app.engine.cpu.layout.leaders import has_leader
from ocr_app.engine.cpu.layout.paragraphs import is_cjk, is_item, joined_by_hyphen
from ocr_app.engine.cpu.layout.types import Line

_WIDE = 1.15
"""A word of wide letters against the mean of its line."""

_ADDRESS = re.compile(r"https?:|www\.|\S+@\S+\.\S")
"""Of a site or of mail: it begins in lower case wherever it stands."""

# Shares of a paragraph's lines, or a column's, that must leave room.
_OFTEN = 0.3
_MOSTLY = 0.4
_NEARLY_ALL = 0.6


def line_ends(group: Sequence[Line], right: float, unit: float, *, verse: bool) -> list[bool]:
    """Tell for each line but the last whether its end is one on the page, and not only in the column.

    Args:
        group: Lines of one paragraph, from top to bottom.
        right: The right edge of its column.
        unit: Height of the running text, in pixels.
        verse: What `is_verse` says of the column.
    """
    pairs = list(pairwise(group))
    apart = [_stands_alone(line) or _stands_alone(following) for line, following in pairs]
    free = [not joined_by_hyphen(line.text, following.text) for line, following in pairs]
    if verse:
        return free
    own_right = max((line.box.right for line in group), default=0.0)
    in_column = [has_room(*pair, right, unit) for pair in pairs]
    in_own = [has_room(*pair, own_right, unit) for pair in pairs]
    begins = [begins_anew(following.text) for _, following in pairs]
    if sum(in_own) >= max(1.0, _OFTEN * len(pairs)):
        ends = [room and (own or new) for room, own, new in zip(in_column, in_own, begins, strict=True)]
        # The longest line leaves no room by definition; it ends like the others.
        if sum(ends) >= _NEARLY_ALL * len(pairs):
            ends = [True] * len(pairs)
        elif 2 * sum(ends) >= len(pairs):
            ends = [end or new for end, new in zip(ends, begins, strict=True)]
    elif any(in_own):
        ends = [own and new for own, new in zip(in_own, begins, strict=True)]
    elif len(pairs) <= 2 or sum(begins) >= _NEARLY_ALL * len(pairs):
        ends = [room and new for room, new in zip(in_column, begins, strict=True)]
    else:
        ends = [False] * len(pairs)
    return [alone or (end and may) for alone, end, may in zip(apart, ends, free, strict=True)]


def is_verse(groups: Sequence[Sequence[Line]], right: float, unit: float) -> bool:
    """Whether all lines of a column end on purpose: many leave room, and some in each paragraph of three or more."""
    rooms = [[has_room(*pair, right, unit) for pair in pairwise(group)] for group in groups]
    pairs = sum(map(len, rooms))
    return (
        pairs >= 3
        and all(any(room) for room in rooms if len(room) > 1)
        and sum(map(sum, rooms)) >= _MOSTLY * pairs
        and not any(is_item(group[0].text) for group in groups)
    )


def all_begin_anew(lines: Sequence[Line]) -> bool:
    """Whether all of three lines or more begin as lines of their own do, and not in the midst of a sentence."""
    return len(lines) >= 3 and all(begins_anew(line.text) for line in lines)


def has_room(line: Line, following: Line, right: float, unit: float) -> bool:
    """Whether the first word of the next line would have had room at the end of this one."""
    letter = following.box.width / max(1, len(following.text))
    if is_cjk(following.text[:1]):
        need = 3 * letter
    else:
        need = (_WIDE * len(following.text.split(maxsplit=1)[0]) + 1.5) * letter if following.text.strip() else 0.0
    room = max(right, line.box.right) - line.box.right
    if abs(line.box.centre - following.box.centre) < unit and abs(line.box.left - following.box.left) > unit:
        # Centred: there was room on both sides.
        room *= 2
    return room > need


def _stands_alone(line: Line) -> bool:
    return (
        line.apart
        or has_leader(line.text)
        or ends_an_address(line.text)
        or (" " not in line.text and bool(_ADDRESS.match(line.text)))
    )


def begins_anew(text: str) -> bool:
    """Whether a line begins as one of its own does, and not in the midst of a sentence."""
    return (not text[:1].islower() and text[:1] not in ",.;:)]»”’") or bool(_ADDRESS.match(text))
