"""Where the lines of text are: the DB text detector, before and after its network.

Follows rapidocr 3.10 (`ch_ppocr_det`), whose parameters the model was released with. Differentiable binarization:
https://arxiv.org/abs/1911.08947.
"""

from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from ocr_app.engine.cpu.geometry import Pixels, Quads

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, RunOptions

Heat = npt.NDArray[np.uint8]
"""The network's map of probabilities that a point belongs to the core of a line, of shape (rows, columns); 255 is 1."""

STRIDE_PX = 32
_SHORTEST_SIDE_PX = 736
_TEXT_THRESHOLD = 0.3
_BOX_THRESHOLD = 0.5
_UNCLIP_RATIO = 1.6
_SMALLEST_BOX_PX = 3


def detect(session: "InferenceSession", image: Pixels, longest_side_px: int) -> Quads:
    """Find the lines of text.

    Args:
        session: The detection model.
        image: BGR.
        longest_side_px: The image is scaled down to this side for the network; small images are scaled up.

    Returns:
        One quadrilateral a line, in the image's pixels, in no order.
    """
    height, width = image.shape[:2]
    columns, rows = network_size(width, height, longest_side_px)
    return boxes(heat(session, image, columns, rows), width, height)


def heat(session: "InferenceSession", image: Pixels, columns: int, rows: int) -> Heat:
    """Return where the network sees the cores of lines.

    Args:
        session: The detection model.
        image: BGR.
        columns: The image is scaled to this width, a multiple of `STRIDE_PX`.
        rows: And to this height, another one.
    """
    scaled = cv2.resize(
        image, (columns, rows), interpolation=cv2.INTER_AREA if columns < image.shape[1] else cv2.INTER_LINEAR
    ).astype(np.float32)
    batch = ((scaled / 127.5) - 1.0).transpose(2, 0, 1)[None]
    result = session.run(None, {session.get_inputs()[0].name: np.ascontiguousarray(batch)}, _run_options())[0][0, 0]
    return np.asarray(np.rint(result * 255), dtype=np.uint8)


def boxes(heat: Heat, width: int, height: int) -> Quads:
    """Return a rectangle around each line of a map, in the pixels of an image of this size."""
    rows, columns = heat.shape
    quads = _boxes(heat)
    quads *= np.array([width / columns, height / rows], dtype=np.float32)
    np.clip(quads[..., 0], 0, width, out=quads[..., 0])
    np.clip(quads[..., 1], 0, height, out=quads[..., 1])
    return np.round(quads).astype(np.float32)


def network_size(width: int, height: int, longest_side_px: int) -> tuple[int, int]:
    """Return the columns and rows to which `detect` scales an image."""
    scale = min(1.0, longest_side_px / max(width, height))
    if min(width, height) * scale < _SHORTEST_SIDE_PX:
        # Tiny letters need pixels; but a strip stays within the longest side.
        scale = min(_SHORTEST_SIDE_PX / min(width, height), longest_side_px / max(width, height))
    return whole_strides(width * scale), whole_strides(height * scale)


def whole_strides(side: float) -> int:
    """Return the multiple of `STRIDE_PX` nearest to a length in pixels, at least one."""
    return max(STRIDE_PX, round(side / STRIDE_PX) * STRIDE_PX)


@cache
def _run_options() -> "RunOptions":
    """Return what gives the memory of a page back after it, up to 660 MB; getting it anew costs 1 % of the time."""
    from onnxruntime import RunOptions

    options = RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def _boxes(heat: Heat) -> Quads:
    """Turn the network's map into rectangles around the lines, in the map's pixels."""
    mask = cv2.dilate((heat > _TEXT_THRESHOLD * 255).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    quads = []
    for contour in contours:
        (x, y), (w, h), angle = cv2.minAreaRect(contour)
        if min(w, h) < _SMALLEST_BOX_PX:
            continue
        if _mean_inside(heat, _corners(x, y, w, h, angle)) < _BOX_THRESHOLD * 255:
            continue
        # The network marks the core of a line; the training code shrank the lines by this much.
        margin = w * h * _UNCLIP_RATIO / (2 * (w + h))
        quads.append(_clockwise(_corners(x, y, w + 2 * margin, h + 2 * margin, angle)))
    return np.array(quads, dtype=np.float32).reshape(-1, 4, 2)


def _corners(x: float, y: float, width: float, height: float, angle: float) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.boxPoints(((x, y), (width, height), angle)), dtype=np.float32)


def _mean_inside(heat: Heat, corners: npt.NDArray[np.float32]) -> float:
    rows, columns = heat.shape
    x0, y0 = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, [columns - 1, rows - 1])
    x1, y1 = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, [columns - 1, rows - 1])
    mask = np.zeros((y1 - y0 + 1, x1 - x0 + 1), dtype=np.uint8)
    cv2.fillPoly(mask, [(corners - [x0, y0]).astype(np.int32)], 1)
    return float(cv2.mean(heat[y0 : y1 + 1, x0 : x1 + 1], mask)[0])


def _clockwise(corners: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Order four corners from the top left, clockwise: the two leftmost by height, then the two rightmost."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = by_x[:2], by_x[2:]
    top_left, bottom_left = left[np.argsort(left[:, 1], kind="stable")]
    top_right, bottom_right = right[np.argsort(right[:, 1], kind="stable")]
    return np.array([top_left, top_right, bottom_right, bottom_left], dtype=np.float32)
