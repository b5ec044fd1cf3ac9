"""Turns an image's bytes into the model's values, by a table: a byte has only 256 values.

vLLM's ImageTransform computes each pixel in float32 and converts it to the model's type, a third of the CPU time that a
page takes. The table is what ImageTransform makes of every byte, so that the result is the same bit for bit.
"""

import functools

import numpy as np
import torch
from PIL import Image
from vllm.transformers_utils.processors.deepseek_ocr import ImageTransform

_BITS = {1: torch.uint8, 2: torch.int16, 4: torch.int32}


def normalise(images: list[Image.Image], dtype: torch.dtype) -> torch.Tensor:
    """Return images as the model takes them, (images, 3, height, width).

    Args:
        images: RGB, one or more of one size.
        dtype: Of the model.
    """
    width, height = images[0].size
    values = torch.empty((len(images), 3, height, width), dtype=dtype)
    bits = values.view(_BITS[dtype.itemsize]).numpy()
    table = _table(dtype)
    for image, planes in zip(images, bits, strict=True):
        for band, plane in zip(image.split(), planes, strict=True):
            # A mode other than `raise`, which would need a copy; no byte is out of the table.
            np.take(table, np.asarray(band), out=plane, mode="clip")
    return values


@functools.cache
def _table(dtype: torch.dtype) -> "np.ndarray[tuple[int], np.dtype[np.generic]]":
    greys = Image.frombytes("L", (256, 1), bytes(range(256)))
    values = ImageTransform()(Image.merge("RGB", (greys,) * 3))[0, 0].to(dtype)
    table: np.ndarray[tuple[int], np.dtype[np.generic]] = values.view(_BITS[dtype.itemsize]).numpy()
    return table
