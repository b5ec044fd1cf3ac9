"""The reading order of columns: a page is cut along gutters, and bands above, left, right and below follow each other.

A gutter is a vertical line that no text crosses, with text on both sides that is read one side after the other: running
text, a narrow list beside it, or what the layout model takes for two texts. The tallest gutter is cut first; the parts
are cut again. Tables, forms, and lists whose markers stand apart have gaps too, but are read across.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby, pairwise

from ocr_app.engine.cpu.layout.addresses import are_addresses
from ocr_app.engine.cpu.layout.contents import are_contents
from ocr_app.engine.cpu.layout.margin_heads import with_their_texts
from ocr_app.engine.cpu.layout.numbered import in_cards
from ocr_app.engine.cpu.layout.paragraphs import goes_on
from ocr_app.engine.cpu.layout.rows import rows
from ocr_app.engine.cpu.layout.sides import (
    LEAST_ROWS,
    SURELY_A_TABLE,
    are_columns,
    has_margin_heads,
    in_step,
    is_running_text,
)
from ocr_app.engine.cpu.layout.types import Line, Region, overlap, union

_APART = 1.5
"""Height of the gap, in heights of the running text, that sets a line off from the columns."""


_SURELY_A_PICTURE = 0.7
_HEADLINE = 1.4
"""Height of a headline, in heights of the running text."""


@dataclass(frozen=True, slots=True)
class _Cut:
    whole: bool
    """Whether nothing crosses the gutter, however far it is drawn out."""
    height: float
    left: tuple[Line, ...]
    right: tuple[Line, ...]


def in_columns(lines: Sequence[Line], unit: float, regions: Sequence[Region] = ()) -> list[list[Line]]:
    """Split lines into columns, in reading order.

    Args:
        lines: In any order.
        unit: Height of the running text, in pixels.
        regions: What the layout model sees on the page.

    Returns:
        Every line in exactly one column; one column for text that stands in one. Pictures are among them, as lines
        without text.
    """
    return _parts([*lines, *(Line("", region.box) for region in regions if _is_picture(region))], unit, regions)


def _is_picture(region: Region) -> bool:
    return region.label == "figure" and region.score >= _SURELY_A_PICTURE


def _parts(lines: Sequence[Line], unit: float, regions: Sequence[Region]) -> list[list[Line]]:
    """Split lines and pictures, which are lines without text."""
    if not lines:
        return []
    if cards := in_cards(lines, unit):
        return [part for card in cards for part in _parts(card, unit, regions)]
    if (top := _top_of_headlines(lines, unit)) is not None:
        above = [line for line in lines if line.box.middle < top]
        below = [line for line in lines if line.box.middle >= top]
        return [*_parts(above, unit, regions), *_parts(below, unit, regions)]
    for cut in _candidates(lines, unit, regions):
        left, right = ([line for line in side if line.text] for side in (cut.left, cut.right))
        if not left or not right:
            continue
        if has_margin_heads(left, right, unit, regions):
            pictures = [line for line in (*cut.left, *cut.right) if not line.text]
            inner = [*with_their_texts(left, right), *([pictures] if pictures else [])]
        elif are_columns(left, right, unit, regions):
            inner = [*_parts(cut.left, unit, regions), *_parts(cut.right, unit, regions)]
        else:
            continue
        inside = {*map(id, cut.left), *map(id, cut.right)}
        top = min(line.box.middle for line in (*cut.left, *cut.right))
        outside = [line for line in lines if id(line) not in inside]
        above = [line for line in outside if line.box.middle < top]
        below = [line for line in outside if line.box.middle >= top]
        return [*_parts(above, unit, regions), *inner, *_parts(below, unit, regions)]
    return [list(lines)]


def _top_of_headlines(lines: Sequence[Line], unit: float) -> float | None:
    """Return where headlines side by side begin stories below others, although the gutter between them goes on."""
    headlines = [line for line in lines if line.text and line.box.height >= _HEADLINE * unit]
    for first, second in combinations(headlines, 2):
        top = min(first.box.top, second.box.top)
        beside = overlap(first.box.left, first.box.right, second.box.left, second.box.right) == 0
        if not beside or abs(first.box.top - second.box.top) > unit:
            continue
        around = [line for line in lines if line is not first and line is not second]
        above = [line for line in around if line.box.middle < top]
        parted = all(line.box.bottom < top + 0.5 * unit for line in above)
        if parted and is_running_text([line for line in above if line.text], unit):
            return top
    return None


def _candidates(lines: Sequence[Line], unit: float, regions: Sequence[Region]) -> list[_Cut]:
    """Return all gutters that text on both sides has in common: those that nothing crosses, then the tallest first."""
    cuts = []
    tables = _in_tables(lines, unit, regions)
    for x in _gaps(lines, unit):
        whole = not any(_crosses(line, x, unit) for line in lines)
        for run in _runs(lines, x, unit):
            for stretch in _stretches(run, tables, x, unit):
                shared = _peeled(_peeled(stretch, x, unit), x, unit, from_below=True)
                left, right = _sides(shared, x)
                if left and right:
                    a, b = union(piece.box for piece in left), union(piece.box for piece in right)
                    beside = overlap(a.top, a.bottom, b.top, b.bottom) > 0
                    cuts.append(_Cut(whole, union((a, b)).height if beside else 0.0, left, right))
    return sorted(cuts, key=lambda cut: (-cut.whole, -cut.height))


def _stretches(run: Sequence[Line], tables: Mapping[int, int], x: float, unit: float) -> list[list[Line]]:
    """Split lines, from top to bottom, where tables begin and end, so that no gutter from above reaches into them."""
    pieces = [list(group) for _, group in groupby(run, lambda line: tables.get(id(line)))]
    return [stretch for piece in pieces for stretch in _without_grids(piece, x, unit)]


def _runs(lines: Sequence[Line], x: float, unit: float) -> list[list[Line]]:
    """Return stretches of lines, from top to bottom, of which none crosses `x`.

    A box over the gutter, such as a quotation, ends no stretch if the text of a column goes on below it.
    """
    result: list[list[Line]] = [[]]
    crossing: list[Line] = []
    for crosses, group in groupby(
        sorted(lines, key=lambda piece: piece.box.middle), lambda line: _crosses(line, x, unit)
    ):
        if crosses:
            crossing = list(group)
        elif result[-1] and _is_passed_by(crossing, result[-1], run := list(group), x, unit):
            result[-1] += run
        else:
            result.append(run if result[-1] else list(group))
    return [run for run in result if run]


def _in_tables(lines: Sequence[Line], unit: float, regions: Sequence[Region]) -> dict[int, int]:
    """Return the index of the region for each line, by its `id`, that stands in what is surely a table.

    What the layout model takes for a table counts, unless it is running text with rules between its columns.
    """
    inside: dict[int, int] = {}
    for index, region in enumerate(regions):
        if region.label == "table" and region.score >= SURELY_A_TABLE:
            held = [line for line in lines if line.text and region.box.holds(line.box)]
            if not is_running_text(held, unit, 1):
                inside |= {id(line): index for line in held}
    return inside


def _is_passed_by(box: Sequence[Line], above: Sequence[Line], below: Sequence[Line], x: float, unit: float) -> bool:
    """Whether the text of a column goes on below a box that is narrower than the columns."""
    around, columns = union(line.box for line in box), union(line.box for line in (*above, *below))
    if around.left < columns.left + unit or around.right > columns.right - unit:
        return False
    before, after = _sides(above, x), _sides(below, x)
    return any(
        bool(upper and lower) and goes_on(upper[-1].text, lower[0].text)
        for upper, lower in zip(before, after, strict=True)
    )


def _crosses(line: Line, x: float, unit: float) -> bool:
    # The edges of pictures are known less precisely.
    margin = (0.3 if line.text else 1.0) * unit
    return line.box.left < x - margin and line.box.right > x + margin


def _sides(lines: Sequence[Line], x: float) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    return tuple(line for line in lines if line.box.centre < x), tuple(line for line in lines if line.box.centre >= x)


def _without_grids(run: Sequence[Line], x: float, unit: float) -> list[list[Line]]:
    """Split lines, from top to bottom, where gaps set off a table whose own gap goes on with the gutter."""
    bands: list[list[Line]] = []
    bottom = 0.0
    for line in run:
        if not bands or line.box.top - bottom > _APART * unit:
            bands.append([])
        bands[-1].append(line)
        bottom = max(bottom, line.box.bottom)
    result: list[list[Line]] = [[]]
    for band in bands:
        left, right = _sides([line for line in band if line.text], x)
        across = sum(len({piece.box.centre < x for piece in row}) > 1 for row in rows((*left, *right)))
        if (
            across >= LEAST_ROWS
            and not (is_running_text(left, unit, 1) and is_running_text(right, unit, 1))
            and in_step(left, right, unit) > 0.5
            and not are_addresses(left, right)
            and not are_contents(left, right)
            and not has_margin_heads(left, right, unit, ())
        ):
            result.append([])
        else:
            result[-1] += band
    return [stretch for stretch in result if stretch]


def _peeled(run: list[Line], x: float, unit: float, *, from_below: bool = False) -> list[Line]:
    """Return lines from top to bottom without those at one end that a gap sets off and that stand on one side only.

    Such a line (a heading that ends before the gutter) belongs to what is above or below the columns; running text is
    the beginning or the end of its column.
    """
    ordered = run[::-1] if from_below else run
    start = 0
    for index, (line, following) in enumerate(pairwise(ordered)):
        if len({piece.box.centre < x for piece in ordered[start : index + 1]}) > 1:
            break
        gap = line.box.top - following.box.bottom if from_below else following.box.top - line.box.bottom
        if gap > _APART * unit:
            if is_running_text([piece for piece in ordered[start : index + 1] if piece.text], unit):
                break
            start = index + 1
    kept = ordered[start:]
    return kept[::-1] if from_below else kept


def _gaps(lines: Sequence[Line], unit: float) -> list[float]:
    """Return the places just left of lines and pictures that have a neighbour on their left; near ones once."""
    pairs = [pair for row in rows([line for line in lines if line.text]) for pair in pairwise(row)]
    for picture in lines:
        if not picture.text:
            beside = [
                line for line in lines if overlap(line.box.top, line.box.bottom, picture.box.top, picture.box.bottom)
            ]
            pairs += [pair for line in beside for pair in ((picture, line), (line, picture))]
    places: list[float] = []
    for x in sorted(b.box.left - 0.25 * unit for a, b in pairs if b.box.left - a.box.right > 0.2 * unit):
        if not places or x - places[-1] > 0.15 * unit:
            places.append(x)
    return places
