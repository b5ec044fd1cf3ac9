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

_SHORTEST_SIDE_PX = 736
_STRIDE_PX = 32
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
    columns, rows = _network_size(width, height, longest_side_px)
    scaled = cv2.resize(
        image, (columns, rows), interpolation=cv2.INTER_AREA if columns < width else cv2.INTER_LINEAR
    ).astype(np.float32)
    batch = ((scaled / 127.5) - 1.0).transpose(2, 0, 1)[None]
    heat = session.run(None, {session.get_inputs()[0].name: np.ascontiguousarray(batch)}, _run_options())[0][0, 0]
    quads = _boxes(heat)
    quads *= np.array([width / columns, height / rows], dtype=np.float32)
    np.clip(quads[..., 0], 0, width, out=quads[..., 0])
    np.clip(quads[..., 1], 0, height, out=quads[..., 1])
    return np.round(quads).astype(np.float32)


@cache
def _run_options() -> "RunOptions":
    """Return what gives the memory of a page back after it, up to 660 MB; getting it anew costs 1 % of the time."""
    from onnxruntime import RunOptions

    options = RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def _network_size(width: int, height: int, longest_side_px: int) -> tuple[int, int]:
    scale = min(1.0, longest_side_px / max(width, height))
    if min(width, height) * scale < _SHORTEST_SIDE_PX:
        # Tiny letters need pixels; but a strip stays within the longest side.
        scale = min(_SHORTEST_SIDE_PX / min(width, height), longest_side_px / max(width, height))
    columns, rows = (max(_STRIDE_PX, round(side * scale / _STRIDE_PX) * _STRIDE_PX) for side in (width, height))
    return columns, rows


def _boxes(heat: npt.NDArray[np.float32]) -> Quads:
    """Turn the network's map of probabilities into rectangles around the lines, in the map's pixels."""
    mask = cv2.dilate((heat > _TEXT_THRESHOLD).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    quads = []
    for contour in contours:
        (x, y), (w, h), angle = cv2.minAreaRect(contour)
        if min(w, h) < _SMALLEST_BOX_PX:
            continue
        if _mean_inside(heat, _corners(x, y, w, h, angle)) < _BOX_THRESHOLD:
            continue
        # The network marks the core of a line; the training code shrank the lines by this much.
        margin = w * h * _UNCLIP_RATIO / (2 * (w + h))
        quads.append(_clockwise(_corners(x, y, w + 2 * margin, h + 2 * margin, angle)))
    return np.array(quads, dtype=np.float32).reshape(-1, 4, 2)


def _corners(x: float, y: float, width: float, height: float, angle: float) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.boxPoints(((x, y), (width, height), angle)), dtype=np.float32)


def _mean_inside(heat: npt.NDArray[np.float32], corners: npt.NDArray[np.float32]) -> float:
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
