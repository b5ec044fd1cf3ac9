"""DeepSeek-OCR-2's pages, prepared in our threads as those of DeepSeek-OCR are; `processor.py` explains how.

The model has one mode: the whole page in 1024 x 1024 pixels, and 2 to 6 tiles of 768 x 768 if a side is longer than
that. It counts tokens without newlines.
"""

import math
from collections.abc import Mapping
from typing import Any

import torch
from PIL import Image
from vllm.model_executor.models.deepseek_ocr2 import (
    BASE_SIZE,
    CROP_MODE,
    IMAGE_SIZE,
    DeepseekOCR2DummyInputsBuilder,
    DeepseekOCR2ForCausalLM,
    DeepseekOCR2MultiModalProcessor,
    DeepseekOCR2ProcessingInfo,
)
from vllm.multimodal import MULTIMODAL_REGISTRY

from ocr_app.engine.vllm.processor import PageProcessor, PreparedPages, grids, largest_page, prepare
from ocr_app.ocr.modes import MODEL_TILES, ModeSize

_SIZE = ModeSize(BASE_SIZE, tile=IMAGE_SIZE)
_PIXELS_PER_TOKEN_SIDE = 64


def register_pages() -> None:
    """Bind our processor to the model's class in this process; call it before vLLM loads the model."""
    MULTIMODAL_REGISTRY.register_processor(_MultiModalProcessor, info=_Info, dummy_inputs=_DummyInputs)(
        DeepseekOCR2ForCausalLM
    )


def prepare_page(image: Image.Image, dtype: torch.dtype) -> Image.Image:
    """Resize and tile a page, as the reference pipeline does. Costs CPU, so call it in a thread.

    Args:
        image: RGB.
        dtype: Of the model.

    Returns:
        An image of one pixel with the page's tensors attached.
    """
    return prepare(image, _SIZE, image_tokens, dtype)


def image_tokens(columns: int, rows: int) -> int:
    """Return the prompt tokens of one image: its grids and one separator."""
    view, tile = (math.ceil(side / _PIXELS_PER_TOKEN_SIDE) ** 2 for side in (_SIZE.view, _SIZE.tile))
    return view + 1 + (tile * columns * rows if columns * rows > 1 else 0)


def most_tokens() -> int:
    """Return the prompt tokens of the page with most of them."""
    return max(image_tokens(*grid) for grid in grids(MODEL_TILES))


class _Info(DeepseekOCR2ProcessingInfo):  # type: ignore[misc]
    def get_hf_processor(self, **kwargs: object) -> Any:
        fixed = {"image_size": IMAGE_SIZE, "base_size": BASE_SIZE, "crop_mode": CROP_MODE, "strategy": "v2"}
        return self.ctx.get_hf_processor(PageProcessor, **{**fixed, **kwargs})

    def get_mm_max_tokens_per_item(self, seq_len: int, mm_counts: Mapping[str, int]) -> Mapping[str, int]:
        return {"image": most_tokens()}


class _DummyInputs(DeepseekOCR2DummyInputsBuilder):  # type: ignore[misc]
    def get_dummy_mm_data(self, seq_len: int, mm_counts: Mapping[str, int], mm_options: Any) -> Any:
        return {"image": [largest_page([_SIZE], MODEL_TILES, most_tokens())] * mm_counts.get("image", 0)}


class _MultiModalProcessor(PreparedPages, DeepseekOCR2MultiModalProcessor):  # type: ignore[misc]
    pass
