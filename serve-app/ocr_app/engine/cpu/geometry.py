"""Quadrilaterals in an image and what is cut out of it."""

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
"""Image of shape (height, width, 3)."""

Quads = npt.NDArray[np.float32]
"""Corners of shape (n, 4, 2): x and y of top left, top right, bottom right and bottom left, in pixels."""


def side_lengths(quads: Quads) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return the widths and heights of quadrilaterals, the longer of opposite sides, in pixels."""
    edges = np.linalg.norm(quads - np.roll(quads, -1, axis=1), axis=2)
    return np.maximum(edges[:, 0], edges[:, 2]), np.maximum(edges[:, 1], edges[:, 3])


def cut_out(image: Pixels, quad: npt.NDArray[np.float32]) -> Pixels:
    """Return the quadrilateral (4, 2) straightened to a rectangle of its own size."""
    widths, heights = side_lengths(quad[None])
    width, height = max(1, int(widths[0])), max(1, int(heights[0]))
    x0, y0 = np.floor(quad.min(axis=0)).astype(int)
    x1, y1 = np.ceil(quad.max(axis=0)).astype(int)
    if (x1 - x0, y1 - y0) == (width, height):
        # Upright already: no resampling.
        part = image[max(0, y0) : y1, max(0, x0) : x1]
        if part.shape[:2] == (height, width):
            return part
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    transform = cv2.getPerspectiveTransform(quad.astype(np.float32), target)
    straight = cv2.warpPerspective(
        image, transform, (width, height), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC
    )
    return np.asarray(straight, dtype=np.uint8)


def turn(quads: Quads, quarter_turns: int, width: int, height: int) -> Quads:
    """Turn quadrilaterals along with their image by quarter turns anticlockwise (as `numpy.rot90`).

    Args:
        quads: Corners in an image of `width` x `height` pixels.
        quarter_turns: 0 to 3.
        width: Of the image before turning.
        height: Of the image before turning.

    Returns:
        Corners in the turned image, each quadrilateral starting at its new top left again.
    """
    for _ in range(quarter_turns % 4):
        quads = np.stack([quads[..., 1], width - quads[..., 0]], axis=-1)
        width, height = height, width
        quads = np.roll(quads, -1, axis=1)  # the old top right is the new top left
    return quads
