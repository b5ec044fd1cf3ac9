"""The attempts for a page that loops, in order: other sampling, another mode, then the page in two halves."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from ocr_app.ocr.modes import Mode
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
        name: `first`, `sampling`, `mode` or `tiles`; shown in the response.
        mode: Resolution mode.
        temperature: Of the sampling; None for the request's.
        ngram_size: Of the guard, in tokens; None for the request's.
        window_size: Of the guard, in tokens; None for the request's.
        seed: Of the sampling; None for the request's.
        tiles: Horizontal strips to cut the page into, read one after the other.
    """

    name: str
    mode: Mode
    temperature: float | None = None
    ngram_size: int | None = None
    window_size: int | None = None
    seed: int | None = None
    tiles: int = 1


@dataclass(frozen=True, slots=True)
class Strip:
    """A horizontal strip of a page, in shares of its height from the top."""

    top: float
    bottom: float


def plan(mode: Mode, settings: LadderSettings, *, height: int) -> tuple[Attempt, ...]:
    """Return the attempts for a page, the first one included; at most `settings.max_attempts`.

    Args:
        mode: Resolution mode of the request.
        settings: Values for the later attempts.
        height: Of the page, in pixels; a very low one is not cut.
    """
    other = _OTHER_MODE[mode]
    later = {
        "temperature": settings.temperature,
        "ngram_size": settings.ngram_size,
        "window_size": settings.window_size,
    }
    attempts = [
        Attempt("first", mode),
        Attempt("sampling", mode, seed=1, **later),  # type: ignore[arg-type]
        Attempt("mode", other, seed=2, **later),  # type: ignore[arg-type]
    ]
    if height >= 256:
        attempts.append(Attempt("tiles", mode, seed=3, tiles=2, **later))  # type: ignore[arg-type]
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
