"""Large initials that begin a paragraph."""

import dataclasses
from collections.abc import Sequence

from ocr_app.engine.cpu.layout.types import Line, overlap


def with_initials(lines: Sequence[Line], unit: float) -> list[Line]:
    """Put each large initial before the line whose first letter it is.

    An initial is a lone capital at least twice as high as the running text; its line begins in lower case just to the
    right of it, at its top.
    """
    rest = list(lines)
    for initial in lines:
        if len(initial.text) != 1 or not initial.text.isupper() or initial.box.height < 1.8 * unit:
            continue
        beside = [
            line
            for line in rest
            if line is not initial
            and line.text[0].islower()
            and -unit < line.box.left - initial.box.right < 1.5 * unit
            and overlap(line.box.top, line.box.bottom, initial.box.top, initial.box.bottom) > 0
        ]
        if beside:
            first = min(beside, key=lambda line: line.box.top)
            rest[rest.index(first)] = dataclasses.replace(first, text=initial.text + first.text)
            rest.remove(initial)
    return rest
