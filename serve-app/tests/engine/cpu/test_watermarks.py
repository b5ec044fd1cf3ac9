import math

import numpy as np

from ocr_app.engine.cpu.geometry import Pixels
from ocr_app.engine.cpu.watermarks import may_be_watermarks


def quad(left: float, top: float, width: float, height: float, degrees: float = 0) -> list[list[float]]:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [
        [left + x * cos - y * sin, top + x * sin + y * cos]
        for x, y in ((0, 0), (width, 0), (width, height), (0, height))
    ]


def crop(ink: int) -> Pixels:
    pixels = np.full((20, 60, 3), 255, dtype=np.uint8)
    pixels[:, ::5] = ink
    return pixels


def test_large_lines_that_are_slanted_or_pale() -> None:
    lines = [
        (quad(0, 0, 400, 20), crop(0)),
        (quad(0, 30, 400, 20), crop(0)),
        (quad(0, 60, 400, 20), crop(20)),
        (quad(0, 90, 300, 60), crop(0)),  # a title
        (quad(0, 90, 300, 60), crop(200)),
        (quad(100, 90, 300, 60, -45), crop(0)),
        (quad(100, 90, 300, 20, -45), crop(0)),  # of the usual size
        (quad(0, 120, 400, 20), crop(200)),  # small and pale
        (quad(0, 150, 400, 60, -3), crop(0)),
    ]
    quads = np.array([place for place, _ in lines], dtype=np.float32)
    assert may_be_watermarks([pixels for _, pixels in lines], quads).tolist() == [
        False,
        False,
        False,
        False,
        True,
        True,
        False,
        False,
        False,
    ]
    assert may_be_watermarks([], np.zeros((0, 4, 2), dtype=np.float32)).tolist() == []
