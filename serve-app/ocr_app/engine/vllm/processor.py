"""The resolution modes in vLLM: pages are prepared in our threads, and vLLM's processor only passes them on.

vLLM's own processor for DeepSeek-OCR knows only the mode `gundam`, counts prompt tokens by constants, and works in one
thread. Nothing of its package is patched: `MULTIMODAL_REGISTRY.register_processor`, which vLLM offers for models of
one's own, binds a subclass to the model's class in this process. Pages are resized and tiled by `prepare_page`, in as
many threads as the engine has, and go through vLLM attached to their image. The engine's process needs no change: the
model takes its sizes from the tensors, and the shared field `ocr_view` keeps pages of different
modes out of one batch, which the model could not stack.

`runtime.py` says which versions of vLLM this is written for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from PIL import Image, ImageOps
from vllm.model_executor.models.deepseek_ocr import (
    DeepseekOCRDummyInputsBuilder,
    DeepseekOCRForCausalLM,
    DeepseekOCRMultiModalProcessor,
    DeepseekOCRProcessingInfo,
)
from vllm.multimodal import MULTIMODAL_REGISTRY
from vllm.multimodal.inputs import MultiModalFieldConfig
from vllm.multimodal.parse import ImageEmbeddingItems, ImageProcessorItems
from vllm.multimodal.processing import PromptReplacement
from vllm.transformers_utils.processors.deepseek_ocr import (
    BASE_SIZE,
    CROP_MODE,
    IMAGE_SIZE,
    DeepseekOCRProcessor,
    ImageTransform,
    count_tiles,
    dynamic_preprocess,
)

from ocr_app.ocr.modes import MODEL_TILES, MODES, Mode, image_tokens

_PREPARED = "ocr_prepared"
_transform = ImageTransform()
_GREY = (127, 127, 127)


@dataclass(frozen=True, slots=True)
class _Prepared:
    view: torch.Tensor  # (3, base, base)
    tiles: torch.Tensor  # (n, 3, tile, tile)
    grid: tuple[int, int]  # columns, rows
    tokens: int


def register_modes() -> None:
    """Bind our processor to the model's class in this process; call it before vLLM loads the model."""
    MULTIMODAL_REGISTRY.register_processor(
        _MultiModalProcessor, info=_Info, dummy_inputs=DeepseekOCRDummyInputsBuilder
    )(DeepseekOCRForCausalLM)


def tile_grid(size: tuple[int, int], max_tiles: int) -> tuple[int, int]:
    """Return the columns and rows of tiles of a page (width, height) in mode gundam; (1, 1) is none."""
    tile = MODES["gundam"].tile
    return count_tiles(*size, max_num=max_tiles, image_size=tile) if max(size) > tile else (1, 1)


def prepare_page(image: Image.Image, mode: Mode, dtype: torch.dtype, max_tiles: int = MODEL_TILES) -> Image.Image:
    """Resize and tile a page for a mode, as the reference pipeline does. Costs CPU, so call it in a thread.

    Args:
        image: RGB.
        mode: Resolution mode.
        dtype: Of the model.
        max_tiles: Most tiles in mode gundam.

    Returns:
        A copy of the image with its tensors attached.
    """
    size = MODES[mode]
    crops: Sequence[Image.Image] = ()
    grid = (1, 1)
    if size.tile and max(image.size) > size.tile:
        crops, grid = dynamic_preprocess(image, max_num=max_tiles, image_size=size.tile)
    whole = image.resize((size.view, size.view)) if size.squeeze else image
    view = _transform(ImageOps.pad(whole, (size.view, size.view), color=_GREY)).to(dtype)
    # Of the tiles' shape even without tiles: vLLM joins the tiles of a batch.
    tiles = torch.zeros((0, 3, IMAGE_SIZE, IMAGE_SIZE), dtype=dtype)
    if grid != (1, 1):
        tiles = torch.stack([_transform(crop).to(dtype) for crop in crops])
    prepared = _Prepared(view, tiles, (grid[0], grid[1]), image_tokens(mode, *grid))
    page = image.copy()
    page.info = {_PREPARED: prepared}
    return page


class _Info(DeepseekOCRProcessingInfo):  # type: ignore[misc]
    def get_hf_processor(self, **kwargs: object) -> Any:
        fixed = {"image_size": IMAGE_SIZE, "base_size": BASE_SIZE, "crop_mode": CROP_MODE, "strategy": "v1"}
        return self.ctx.get_hf_processor(_Processor, **{**fixed, **kwargs})


class _Processor(DeepseekOCRProcessor):  # type: ignore[misc]
    """Passes on prepared pages; processes others, such as vLLM's dummy images, as vLLM does."""

    def __call__(self, *, prompt: str, images: list[Image.Image], **kwargs: Any) -> Any:
        pages: list[_Prepared] = [image.info[_PREPARED] for image in images if _PREPARED in image.info]
        if not pages or len(pages) < len(images):
            return super().__call__(prompt=prompt, images=images, **kwargs)
        batch = self.process_one(prompt="", images=[])
        batch.data.update(
            pixel_values=torch.stack([page.view for page in pages]),
            images_crop=torch.cat([page.tiles for page in pages]),
            images_spatial_crop=torch.tensor([page.grid for page in pages], dtype=torch.long),
            ocr_view=torch.tensor([pages[0].view.shape[-1]]),
        )
        return batch


class _MultiModalProcessor(DeepseekOCRMultiModalProcessor):  # type: ignore[misc]
    def _get_mm_fields_config(self, hf_inputs: Any, hf_processor_mm_kwargs: Any) -> Any:
        fields = dict(super()._get_mm_fields_config(hf_inputs, hf_processor_mm_kwargs))
        if "ocr_view" in hf_inputs:
            fields["ocr_view"] = MultiModalFieldConfig.shared("image", len(hf_inputs["images_spatial_crop"]))
        return fields

    def _get_prompt_updates(self, mm_items: Any, hf_processor_mm_kwargs: Any, out_mm_kwargs: Any) -> Any:
        (stock,) = super()._get_prompt_updates(mm_items, hf_processor_mm_kwargs, out_mm_kwargs)
        images = mm_items.get_items("image", (ImageEmbeddingItems, ImageProcessorItems))
        token = self.info.get_hf_processor(**hf_processor_mm_kwargs).image_token_id

        def replacement(index: int) -> Any:
            info = getattr(images.get(index), "info", {})
            return [token] * info[_PREPARED].tokens if _PREPARED in info else stock.replacement(index)

        return [PromptReplacement(modality="image", target=[token], replacement=replacement)]
