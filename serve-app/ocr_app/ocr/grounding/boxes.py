"""Boxes: coordinates from 0 to 999 across and down the image as the client sent it, also if the model saw tiles.

See https://github.com/deepseek-ai/DeepSeek-OCR: `x1 / 999 * image_width`.
"""

import re
from dataclasses import dataclass

SCALE = 999
"""The model's coordinate of an image's far edge."""

_BOX = re.compile(r"[\[(]([^\[\]()]*)([\])]?)")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, 0 to 999 across and down the image; x1 <= x2 and y1 <= y2."""

    x1: int
    y1: int
    x2: int
    y2: int


def parse_boxes(text: str) -> tuple[tuple[Box, ...], tuple[str, ...]]:
    """Read `[[x1, y1, x2, y2], …]`, also with a bracket too many or too few.

    Returns:
        The boxes that have four numbers and an end, and what is wrong with the others.
    """
    boxes: list[Box] = []
    problems: list[str] = []
    for match in _BOX.finditer(text):
        numbers = [float(number) for number in _NUMBER.findall(match.group(1))]
        if not numbers and "[" in text[match.end() : match.end() + 1]:
            continue  # the outer bracket
        if not numbers and not match.group(1).strip():
            continue
        # Without its closing bracket, the last number may have been cut off in the middle.
        if len(numbers) != 4 or not match.group(2):
            problems.append("bad_box")
            continue
        clipped = [min(max(number, 0.0), float(SCALE)) for number in numbers]
        x1, y1, x2, y2 = map(round, clipped)
        if clipped != numbers:
            problems.append("clipped_box")
        if x1 > x2 or y1 > y2:
            problems.append("swapped_box")
        boxes.append(Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)))
    return tuple(boxes), tuple(dict.fromkeys(problems))


def to_pixels(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """Return a box as (left, top, right, bottom) in pixels of an image; right and bottom are exclusive.

    Args:
        box: In the model's coordinates.
        width: Of the image as the client sent it, in pixels.
        height: Of the image as the client sent it, in pixels.
    """
    return (
        box.x1 * width // SCALE,
        box.y1 * height // SCALE,
        min(-(-box.x2 * width // SCALE), width),
        min(-(-box.y2 * height // SCALE), height),
    )
