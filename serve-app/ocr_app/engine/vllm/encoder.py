"""Encodes all pages of a step together, where vLLM 0.29 takes one page after the other.

The towers are some 2,000 small kernels a page, and a fast GPU waits for each of them to be launched: on an H100 vLLM's
way keeps it 66 % busy at 22 pages a second, and this way 93 % at 35 (docs/benchmarks/gpu.md). `model_fixes.py` puts the
functions into vLLM's models; what they compute is the same, up to the rounding of larger matrix products.
"""

from collections.abc import Callable
from typing import Any

import torch

SHARE_OF_MEMORY = 0.02
"""Of the GPU's memory, for the attention bias of the views that are encoded together."""
_BYTES_WITHOUT_GPU = 2**29
_SAM_HEADS = 12
_SAM_PATCH = 16


def ocr_pages(
    self: Any, pixel_values: torch.Tensor, images_crop: torch.Tensor, images_spatial_crop: torch.Tensor
) -> Any:
    """Return the embeddings of DeepSeek-OCR's pages; takes the place of `_pixel_values_to_embedding`.

    Args:
        self: The model.
        pixel_values: The pages' views, (pages, 3, side, side).
        images_crop: The tiles of all pages, (tiles, 3, side, side); no rows for a page without tiles.
        images_spatial_crop: Columns and rows of tiles, (pages, 2); (1, 1) for a page without tiles.
    """

    def encode(pixels: torch.Tensor) -> torch.Tensor:
        sam = self.sam_model(pixels)
        clip = self.vision_model(pixels, sam)
        features: torch.Tensor = self.projector(torch.cat((clip[:, 1:], sam.flatten(2).permute(0, 2, 1)), dim=-1))
        return features

    views = _in_parts(encode, pixel_values)
    count, places, width = views.shape
    side = int(places**0.5)
    newline = self.image_newline[None, None, None, :].expand(count, side, 1, width)
    views = torch.cat([views.view(count, side, side, width), newline], dim=2).view(count, -1, width)
    return _pages(self, views, encode, images_crop, images_spatial_crop, self._assemble_patch_grid)


def ocr2_pages(
    self: Any, pixel_values: torch.Tensor, images_crop: torch.Tensor, images_spatial_crop: torch.Tensor
) -> Any:
    """Return the embeddings of DeepSeek-OCR-2's pages; see `ocr_pages`."""

    def encode(pixels: torch.Tensor) -> torch.Tensor:
        features: torch.Tensor = self.projector(self.qwen2_model(self.sam_model(pixels)))
        return features

    views = _in_parts(encode, pixel_values)
    return _pages(
        self, views, encode, images_crop, images_spatial_crop, lambda tiles, _: tiles.reshape(-1, tiles.shape[-1])
    )


def at_once(side: int, bytes_a_value: int, limit: int) -> int:
    """Return how many views or tiles are encoded together: 1 or more, so that SAM's attention bias fits `limit` bytes.

    Args:
        side: Of a view or tile, in pixels.
        bytes_a_value: Of the model's type.
        limit: In bytes.
    """
    patches = (side // _SAM_PATCH) ** 2
    return max(1, limit // max(1, _SAM_HEADS * patches**2 * bytes_a_value))


def _pages(
    self: Any,
    views: torch.Tensor,
    encode: Callable[[torch.Tensor], torch.Tensor],
    tiles: torch.Tensor,
    grids: torch.Tensor,
    join: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
) -> list[torch.Tensor]:
    tiled = (grids[:, 0] > 1) | (grids[:, 1] > 1)
    counts = torch.where(tiled, grids.prod(dim=-1), 0).tolist()
    end = self.view_seperator[None, :]
    if not sum(counts):
        return [torch.cat([view, end]) for view in views]
    by_page = _in_parts(encode, tiles).split(counts)
    return [
        torch.cat([join(of_page, grid), view, end] if len(of_page) else [view, end])
        for of_page, grid, view in zip(by_page, grids, views, strict=True)
    ]


def _in_parts(encode: Callable[[torch.Tensor], torch.Tensor], pixels: torch.Tensor) -> torch.Tensor:
    limit = _BYTES_WITHOUT_GPU
    if pixels.is_cuda:
        limit = int(torch.cuda.get_device_properties(pixels.device).total_memory * SHARE_OF_MEMORY)
    parts = pixels.split(at_once(pixels.shape[-1], pixels.element_size(), limit))
    return torch.cat([encode(part) for part in parts])
