"""Where the lines of a block are: found by its ink, projected to the side."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
import numpy.typing as npt

from ocr_app.documents.text_layer.look import Gray

Ink = npt.NDArray[np.bool_]
"""True where a pixel is not paper; shape (height, width)."""

_LEAST_CONTRAST = 32
_CONTRAST = 0.3
"""Ink differs this much from paper: in grey values, and as a share of what differs most."""

_RULE = 0.7
_THICKEST_RULE = 4
"""A row of pixels this full is a line drawn in a table, if so few pixels high."""

_LEAST_INK = 2
"""Pixels of ink in a row of pixels; fewer are dust."""

_SMALL = 0.45
"""A strip this much lower than the usual one is a part of a line: dots, accents, a stroke below."""

_NEAR = 0.35
"""How near such a part is to its line, in line heights."""

_DUST = 0.03
_FEW = 0.6
"""Lines touch if so much fewer strips are found than the text should need lines."""

_LEADING = 1.2
"""Usual distance between lines, in line heights."""

_OTHER_FONT = 1.5
"""A line this much higher or lower than usual is in another font."""

_EDGE = 0.25
"""Upper and lower part of a line that may have ink of its neighbours."""

_HIGH = 1.7
"""A strip this much higher than the usual one is several lines that touch."""


@dataclass(frozen=True, slots=True)
class Strip:
    """Rows of pixels with ink: a line, within its block.

    Attributes:
        top: First row.
        bottom: After the last one.
        left: First column with ink.
        right: After the last one.
    """

    top: int
    bottom: int
    left: int
    right: int

    @property
    def height(self) -> int:
        """In pixels, at least 1."""
        return max(1, self.bottom - self.top)


def ink_of(gray: Gray) -> Ink:
    """Return where an image of a block differs from its paper, which most of it is; so white on black counts too."""
    if not gray.size:
        return np.zeros(gray.shape, dtype=bool)
    difference = np.abs(gray.astype(np.int16) - int(np.median(gray)))
    return np.asarray(difference > max(_LEAST_CONTRAST, _CONTRAST * float(difference.max())), dtype=bool)


def without_rules(ink: Ink) -> Ink:
    """Return the ink of a table without the lines that are drawn in it."""
    result: Ink = ink.copy()
    for axis in (0, 1):
        full = np.asarray(ink.mean(axis=1 - axis) > _RULE, dtype=bool)
        for start, end in _runs(full):
            if end - start <= _THICKEST_RULE:
                # And its soft edges.
                part = slice(max(0, start - 1), end + 1)
                result[(part, slice(None)) if axis == 0 else (slice(None), part)] = False
    return result


def strips_of(ink: Ink, expected: float) -> list[Strip]:
    """Return the lines of a block from top to bottom.

    Args:
        ink: Of the block.
        expected: How many lines the text should need. If the ink shows far fewer, because lines touch or the page is
            crooked, the block is cut into as many.
    """
    rows = ink.sum(axis=1)
    runs = _runs(rows >= _LEAST_INK)
    if not runs:
        return []
    weights = [int(rows[start:end].sum()) for start, end in runs]
    usual = _usual_height(runs, weights)
    touching = len(runs) < _FEW * expected
    if touching:
        period = _period(rows[runs[0][0] : runs[-1][1]], expected)
        usual = min(usual, period / _LEADING)
    merged = _with_parts(runs, weights, usual)
    pitch = period if touching else _pitch(merged, usual)
    cut = [part for start, end in merged for part in _cut(rows, start, end, usual, pitch)]
    strips = (_strip(ink, start, end) for start, end in cut)
    return [strip for strip in strips if strip.right > strip.left]


def segments_of(ink: Ink, strip: Strip, gap: float) -> list[Strip]:
    """Return the parts of a line that have gaps between them at least this wide, in heights of the line."""
    columns = np.asarray(ink[strip.top : strip.bottom, strip.left : strip.right].any(axis=0), dtype=bool)
    parts: list[tuple[int, int]] = []
    for start, end in _runs(columns):
        if parts and start - parts[-1][1] < gap * strip.height:
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((start, end))
    return [Strip(strip.top, strip.bottom, strip.left + start, strip.left + end) for start, end in parts]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a line shows of its text.

    Attributes:
        width: Of the line.
        gaps: Widths of the gaps in it.
    """

    width: float
    gaps: tuple[float, ...]


def measures_of(ink: Ink, strips: Sequence[Strip]) -> list[Measure]:
    """Return how wide the lines of a block and their gaps are, in font sizes, but for a factor that all share.

    A line without descenders is not in a smaller font; only one that is much higher or lower than usual is in another.
    """
    usual = median(strip.height for strip in strips)
    result = []
    for strip in strips:
        size = usual if usual / _OTHER_FONT < strip.height < usual * _OTHER_FONT else strip.height
        columns = _core(ink, strip.top, strip.bottom)[strip.left : strip.right]
        result.append(Measure((strip.right - strip.left) / size, tuple(gap / size for gap in _gaps(columns))))
    return result


def _gaps(columns: npt.NDArray[np.bool_]) -> list[int]:
    """Return the widths of the gaps between columns with ink."""
    runs = _runs(columns)
    return [second[0] - first[1] for first, second in pairwise(runs)]


def _usual_height(runs: Sequence[tuple[int, int]], weights: Sequence[int]) -> float:
    """Return the height of the strip that the middle of the ink is in, counted by height."""
    order = sorted(range(len(runs)), key=lambda index: runs[index][1] - runs[index][0])
    half, passed = sum(weights) / 2, 0
    for index in order:
        passed += weights[index]
        if passed >= half:
            break
    return float(runs[index][1] - runs[index][0])


def _with_parts(runs: Sequence[tuple[int, int]], weights: Sequence[int], usual: float) -> list[tuple[int, int]]:
    """Join small strips to the line that they are near, and leave out dust."""
    merged: list[tuple[int, int]] = []
    small: list[bool] = []
    usual_ink = float(np.median(weights))
    for (start, end), weight in zip(runs, weights, strict=True):
        is_small = end - start < _SMALL * usual
        near = merged and start - merged[-1][1] <= _NEAR * usual
        if near and (is_small or small[-1]) and end - merged[-1][0] <= _HIGH * usual:
            merged[-1] = (merged[-1][0], end)
            small[-1] = small[-1] and is_small
        elif not is_small or weight > _DUST * usual_ink:
            merged.append((start, end))
            small.append(is_small)
    return merged


def _pitch(runs: Sequence[tuple[int, int]], usual: float) -> float:
    """Return the distance between lines."""
    distances = [second[0] - first[0] for first, second in pairwise(runs)]
    singles = [distance for distance in distances if usual <= distance < 2.5 * usual]
    return float(np.median(singles)) if singles else _LEADING * usual


def _period(rows: npt.NDArray[np.int_], expected: float) -> float:
    """Return the distance between lines that touch, near that of `expected` ones: there the ink repeats itself."""
    guess = len(rows) / expected
    ink = rows - rows.mean()
    lags = range(max(1, round(guess * 0.6)), min(len(rows), round(guess * 1.6) + 1))
    likeness = {lag: float(np.dot(ink[:-lag], ink[lag:])) / (len(rows) - lag) for lag in lags}
    return float(max(likeness, key=likeness.__getitem__, default=guess))


def _cut(rows: npt.NDArray[np.int_], start: int, end: int, usual: float, pitch: float) -> list[tuple[int, int]]:
    """Cut a strip of several lines where there is least ink, about every `pitch`."""
    if end - start <= _HIGH * usual:
        return [(start, end)]
    count = max(2, round((end - start + pitch - usual) / pitch))
    step = (end - start) / count
    cuts = [start]
    for number in range(1, count):
        middle = start + number * step
        low, high = int(middle - step / 4), int(middle + step / 4) + 1
        cuts.append(low + int(np.argmin(rows[low:high])))
    return list(pairwise([*cuts, end]))


def _strip(ink: Ink, start: int, end: int) -> Strip:
    columns = np.flatnonzero(_core(ink, start, end))
    if not len(columns):
        return Strip(start, end, 0, 0)
    return Strip(start, end, int(columns[0]), int(columns[-1]) + 1)


def _core(ink: Ink, start: int, end: int) -> npt.NDArray[np.bool_]:
    """Return which columns have ink in the middle of a line, where parts of the lines above and below do not reach.

    Boxes are seldom exact: the last strip of a block often has the tips of the next block's letters.
    """
    margin = int((end - start) * _EDGE)
    middle = np.asarray(ink[start + margin : end - margin].any(axis=0), dtype=bool)
    return middle if middle.any() else np.asarray(ink[start:end].any(axis=0), dtype=bool)


def _runs(present: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where an array is true, as starts and ends."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], present, [False])).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
