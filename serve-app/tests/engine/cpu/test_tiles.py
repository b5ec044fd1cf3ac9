from typing import Any

import cv2
import numpy as np
import pytest

from ocr_app.engine.cpu import detection, tiles
from ocr_app.engine.cpu.geometry import Pixels
from ocr_app.engine.cpu.tiles import TILE_PX, Grid


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The sizes of what the network sees; its map is the image itself."""
    sizes: list[tuple[int, int]] = []

    def heat(session: Any, image: Pixels, columns: int, rows: int) -> Any:
        sizes.append((columns, rows))
        return cv2.resize(image, (columns, rows), interpolation=cv2.INTER_AREA)[..., 0]

    monkeypatch.setattr(detection, "heat", heat)
    return sizes


def lines(width: int, height: int) -> Pixels:
    """Black, with a bar from corner to corner and one across the middle."""
    image = np.zeros((height, width, 3), np.uint8)
    cv2.line(image, (0, 0), (width, height), (255, 255, 255), 40)
    cv2.line(image, (0, height // 2), (width, height // 2), (255, 255, 255), 40)
    return image


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_all_tiles_are_the_map_of_the_whole_image(seen: list[tuple[int, int]], scale: float) -> None:
    image = lines(2_560, 3_200)
    grid = Grid.of(2_560, 3_200, scale)
    whole = cv2.resize(image, (grid.columns, grid.rows), interpolation=cv2.INTER_AREA)[..., 0]
    calls: list[int] = []
    heat = tiles.heat_of(None, image, grid, ~grid.none(), lambda: calls.append(1))
    assert np.array_equal(heat, whole)
    assert len(calls) == len(seen) == grid.none().size == (12 if scale == 1 else 4)
    assert max(max(size) for size in seen) <= TILE_PX + 128


def test_only_the_tiles_that_are_meant_are_seen(seen: list[tuple[int, int]]) -> None:
    image = lines(2_560, 3_200)
    grid = Grid.of(2_560, 3_200, 1)
    meant = grid.none()
    meant[1, 1] = meant[1, 2] = True
    heat = tiles.heat_of(None, image, grid, meant)
    assert len(seen) == 2
    # With what is around them, so that a line that ends there is whole.
    top, bottom, left = TILE_PX - 64, 2 * TILE_PX + 64, TILE_PX - 64
    assert np.array_equal(heat[top:bottom, left:], image[top:bottom, left:, 0])
    assert heat[:top].max() == heat[bottom:].max() == heat[:, :left].max() == 0


def test_points_lie_in_tiles() -> None:
    grid = Grid.of(4_000, 2_000, 0.5)
    rows, columns = grid.at(np.array([[0, 0], [2_100, 1_900], [4_000, 2_000]], np.float32))
    assert (rows.tolist(), columns.tolist()) == ([0, 0, 1], [0, 1, 2])
