"""The resolution modes in vLLM: pages are prepared in our threads, and vLLM's processor only passes them on.

vLLM's own processor for DeepSeek-OCR knows only the mode `gundam`, counts prompt tokens by constants, and works in one
thread. Nothing of its package is patched: `MULTIMODAL_REGISTRY.register_processor`, which vLLM offers for models of
one's own, binds a subclass to the model's class in this process. Pages are resized and tiled by `prepare_page`, in as
many threads as the engine has, and go through vLLM attached to their image. The model needs no change: it takes its
sizes from the tensors, and the shared field `ocr_view` keeps pages of different modes out of one batch, which it could
not stack.

In the engine's process (`in_engine.py`) the same classes tell vLLM how large a page can be. vLLM's own measure memory
with four tiles, where six may come, and without mode `large`, so that a small GPU would fail in the middle of a page.
`processor2.py` has the same for DeepSeek-OCR-2.

`runtime.py` says which versions of vLLM this is written for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

import torch
from PIL import ExifTags, Image, ImageOps
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
    calculate_aspect_ratios,
    count_tiles,
    dynamic_preprocess,
)

from ocr_app.engine.vllm.normalise import normalise
from ocr_app.ocr.modes import MODEL_TILES, MODES, MOST_TILES, Mode, ModeSize, image_tokens

_PREPARED = "ocr_prepared"
_GREY = (127, 127, 127)


@dataclass(frozen=True, slots=True)
class _Prepared:
    view: torch.Tensor  # (3, base, base)
    tiles: torch.Tensor  # (n, 3, tile, tile)
    grid: tuple[int, int]  # columns, rows
    tokens: int


def register_modes() -> None:
    """Bind our processor to the model's class in this process; call it before vLLM loads the model."""
    MULTIMODAL_REGISTRY.register_processor(_MultiModalProcessor, info=_Info, dummy_inputs=_DummyInputs)(
        DeepseekOCRForCausalLM
    )


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
        An image of one pixel with the page's tensors attached: vLLM wants an image, and would keep this one's pixels.
    """
    return prepare(image, MODES[mode], partial(image_tokens, mode), dtype, max_tiles)


def prepare(
    image: Image.Image,
    size: ModeSize,
    tokens: Callable[[int, int], int],
    dtype: torch.dtype,
    max_tiles: int = MODEL_TILES,
) -> Image.Image:
    """Resize and tile a page to a size; see `prepare_page`.

    Args:
        image: RGB.
        size: Of view and tiles.
        tokens: Gives the prompt tokens of the page, by columns and rows of tiles.
        dtype: Of the model.
        max_tiles: Most tiles of a page.
    """
    crops: Sequence[Image.Image] = ()
    grid = (1, 1)
    if size.tile and max(image.size) > size.tile:
        crops, grid = dynamic_preprocess(image, max_num=max_tiles, image_size=size.tile)
    whole = image.resize((size.view, size.view)) if size.squeeze else image
    (view,) = normalise([ImageOps.pad(whole, (size.view, size.view), color=_GREY)], dtype)
    # Of the tiles' shape even without tiles: vLLM joins the tiles of a batch.
    side = size.tile or IMAGE_SIZE
    tiles = torch.zeros((0, 3, side, side), dtype=dtype)
    if grid != (1, 1):
        tiles = normalise(list(crops), dtype)
    prepared = _Prepared(view, tiles, (grid[0], grid[1]), tokens(*grid))
    page = Image.new("RGB", (1, 1))
    page.info = {_PREPARED: prepared}
    # Where vLLM tells images apart, it takes this for the hash: by their pixels all pages would be one.
    page.getexif()[ExifTags.Base.ImageID] = uuid4()
    return page


def grids(max_tiles: int) -> list[tuple[int, int]]:
    """Return every grid of tiles that a page may get, as columns and rows; (1, 1) is none."""
    return [(1, 1), *calculate_aspect_ratios(max_num=max_tiles)]


def largest_page(sizes: Sequence[ModeSize], max_tiles: int, tokens: int) -> Image.Image:
    """Return a made-up page that needs as much memory as any of these sizes: the largest view, and most of the tiles.

    Args:
        sizes: Of the modes.
        max_tiles: Most tiles of a page.
        tokens: Prompt tokens of a page like that.
    """
    view, tile = max(size.view for size in sizes), max(size.tile for size in sizes)
    columns, rows = max(grids(max_tiles), key=lambda grid: grid[0] * grid[1])
    page = Image.new("RGB", (1, 1))
    # Not zeros, which vLLM's model takes for no image.
    tiles = torch.ones((columns * rows, 3, tile, tile))
    page.info = {_PREPARED: _Prepared(torch.ones((3, view, view)), tiles, (columns, rows), tokens)}
    return page


def most_tokens() -> int:
    """Return the prompt tokens of the page with most of them, in any mode and with any tiles."""
    return max(image_tokens(mode, *grid) for mode in MODES for grid in grids(MOST_TILES))


class _Info(DeepseekOCRProcessingInfo):  # type: ignore[misc]
    def get_hf_processor(self, **kwargs: object) -> Any:
        fixed = {"image_size": IMAGE_SIZE, "base_size": BASE_SIZE, "crop_mode": CROP_MODE, "strategy": "v1"}
        return self.ctx.get_hf_processor(PageProcessor, **{**fixed, **kwargs})

    def get_mm_max_tokens_per_item(self, seq_len: int, mm_counts: Mapping[str, int]) -> Mapping[str, int]:
        return {"image": most_tokens()}


class _DummyInputs(DeepseekOCRDummyInputsBuilder):  # type: ignore[misc]
    def get_dummy_mm_data(self, seq_len: int, mm_counts: Mapping[str, int], mm_options: Any) -> Any:
        # The view of one mode and the tiles of another: vLLM measures one kind of page only.
        page = largest_page(list(MODES.values()), MOST_TILES, most_tokens())
        return {"image": [page] * mm_counts.get("image", 0)}


class PageProcessor(DeepseekOCRProcessor):  # type: ignore[misc]
    """Passes on prepared pages; processes others as vLLM does."""

    def __call__(self, *, prompt: str, images: list[Image.Image], **kwargs: Any) -> Any:  # noqa: D102
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


class PreparedPages:
    """What vLLM's processors of both models need for prepared pages; a base before theirs."""

    info: Any

    def _get_mm_fields_config(self, hf_inputs: Any, hf_processor_mm_kwargs: Any) -> Any:
        fields = dict(super()._get_mm_fields_config(hf_inputs, hf_processor_mm_kwargs))  # type: ignore[misc]
        if "ocr_view" in hf_inputs:
            fields["ocr_view"] = MultiModalFieldConfig.shared("image", len(hf_inputs["images_spatial_crop"]))
        return fields

    def _get_prompt_updates(self, mm_items: Any, hf_processor_mm_kwargs: Any, out_mm_kwargs: Any) -> Any:
        (stock,) = super()._get_prompt_updates(mm_items, hf_processor_mm_kwargs, out_mm_kwargs)  # type: ignore[misc]
        images = mm_items.get_items("image", (ImageEmbeddingItems, ImageProcessorItems))
        token = self.info.get_hf_processor(**hf_processor_mm_kwargs).image_token_id

        def replacement(index: int) -> Any:
            info = getattr(images.get(index), "info", {})
            return [token] * info[_PREPARED].tokens if _PREPARED in info else stock.replacement(index)

        return [PromptReplacement(modality="image", target=[token], replacement=replacement)]


class _MultiModalProcessor(PreparedPages, DeepseekOCRMultiModalProcessor):  # type: ignore[misc]
    pass
