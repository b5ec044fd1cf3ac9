"""Watermarks and stamps, which stand across the text and are no part of it."""

import re
from collections.abc import Sequence

from ocr_app.engine.cpu.layout.types import Line, overlap

_WORDS = re.compile(r"[^\W\d_]{2}[^\W\d_ .!-]*(?:[ .!-]+[^\W\d_]*){0,4}")
_LEAST_LINES = 3


def parted(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Return the lines of the text, and the watermarks from top to bottom.

    A large line that is slanted or pale is a watermark if it is a few words and has text above it, which a pale title
    has not.
    """
    marks = [line for line in lines if line.across and _WORDS.fullmatch(line.text) and _below_text(line, lines)]
    if len(lines) - len(marks) < _LEAST_LINES:
        return list(lines), []
    found = set(map(id, marks))
    return [line for line in lines if id(line) not in found], sorted(marks, key=lambda line: line.box.middle)


def _below_text(mark: Line, lines: Sequence[Line]) -> bool:
    return any(
        line.box.middle < mark.box.middle and overlap(line.box.left, line.box.right, mark.box.left, mark.box.right) > 0
        for line in lines
        if not line.across
    )
