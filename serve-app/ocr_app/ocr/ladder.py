"""The attempts for a page that loops, in order: another view of the page, one with more tiles, the page in two halves.

What makes a model loop is in what it sees, so another view is what helps; on financial reports the model's own paper
has mode base far ahead of gundam. A wider guard is not tried: it forbids what a statement or a calendar must repeat,
and other numbers come instead.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocr_app.ocr.modes import MODEL_TILES, Mode
from ocr_app.settings import LadderSettings

# The next best view of a page: the whole page if tiles failed, tiles if the whole page failed.
_OTHER_MODE: dict[Mode, Mode] = {
    "tiny": "base",
    "small": "base",
    "base": "gundam",
    "large": "gundam",
    "gundam": "base",
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to read a page.

    Attributes:
        name: `first`, `mode`, `tiles`, `guard` or `halves`; shown in the response.
        mode: Resolution mode.
        max_tiles: Most tiles of the mode gundam.
        temperature: Of the sampling; None for the request's.
        ngram_size: Of the guard, in tokens; None for the request's.
        window_size: Of the guard, in tokens; None for the request's.
        seed: Of the sampling; None for the request's.
        strips: Horizontal strips to cut the page into, read one after the other.
    """

    name: str
    mode: Mode
    max_tiles: int = MODEL_TILES
    temperature: float | None = None
    ngram_size: int | None = None
    window_size: int | None = None
    seed: int | None = None
    strips: int = 1


@dataclass(frozen=True, slots=True)
class Strip:
    """A horizontal strip of a page, in shares of its height from the top."""

    top: float
    bottom: float


def plan(
    mode: Mode, settings: LadderSettings, *, height: int, has_modes: bool = True, more_tiles: bool = False
) -> tuple[Attempt, ...]:
    """Return the attempts for a page, the first one included; at most `settings.max_attempts`.

    Args:
        mode: Resolution mode of the request.
        settings: Values for the later attempts.
        height: Of the page, in pixels; a very low one is not cut.
        has_modes: Whether the model has more than one mode. If not, its only other view is the page in halves, and
            the guard of DeepSeek-OCR-2's own recipe (20/90) is tried before.
        more_tiles: Whether `settings.max_tiles` makes a page of this shape other tiles than the mode gundam has.
    """
    attempts = [Attempt("first", mode)]
    same_view = Attempt(
        "guard",
        mode,
        temperature=settings.temperature,
        ngram_size=settings.ngram_size,
        window_size=settings.window_size,
        seed=1,
    )
    if has_modes:
        attempts.append(Attempt("mode", _OTHER_MODE[mode]))
        if more_tiles:
            attempts.append(Attempt("tiles", "gundam", max_tiles=settings.max_tiles))
    else:
        attempts.append(same_view)
    if height >= 256:
        halves = Attempt("halves", "gundam" if has_modes else mode, strips=2)
        attempts.append(halves if has_modes else replace(same_view, name="halves", strips=2))
    return tuple(attempts[: settings.max_attempts])


def strips(count: int, overlap: float) -> tuple[Strip, ...]:
    """Cut a page into equal strips that overlap their neighbours by the share `overlap` of the page's height."""
    edge = [index / count for index in range(count + 1)]
    return tuple(
        Strip(max(0.0, top - overlap / 2), min(1.0, bottom + overlap / 2)) for top, bottom in itertools.pairwise(edge)
    )


def best(lengths: Sequence[int]) -> int:
    """Return which of several attempts that all looped to keep: the one that got farthest before its loop.

    Args:
        lengths: Characters before each attempt's loop.
    """
    return max(range(len(lengths)), key=lambda index: (lengths[index], -index))
