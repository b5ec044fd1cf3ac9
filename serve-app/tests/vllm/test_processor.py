"""What our threads make of a page is bit for bit what vLLM's own processor makes of it, in the mode that it has."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ocr_app.ocr.modes import MODES
from tests.vllm.pages import page

SIZES = [(500, 400), (640, 640), (641, 200), (700, 300), (769, 768), (1654, 2339), (3000, 500), (400, 3000), (1, 1)]
OCR, OCR2 = "DeepseekOCRForCausalLM", "DeepseekOCR2ForCausalLM"


@pytest.fixture(params=[OCR, OCR2])
def model(request: pytest.FixtureRequest, checkpoint: Path, tmp_path: Path) -> Path:
    """A checkpoint of each model; that of DeepSeek-OCR-2 is good for its processor only."""
    for file in checkpoint.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps({**config, "architectures": [request.param]}))
    return tmp_path


def _config(model: Path, **changes: Any) -> Any:
    from vllm.engine.arg_utils import EngineArgs

    limits = {"limit_mm_per_prompt": {"image": len(SIZES)}, "mm_processor_cache_gb": 0, **changes}
    return EngineArgs(model=str(model), dtype="float32", load_format="dummy", **limits).create_engine_config()


def _processors(model: Path) -> tuple[Any, Any, Callable[[Image.Image], Image.Image]]:
    """Return vLLM's own processor of a model, ours, and what prepares a page for ours."""
    import torch
    from vllm.model_executor.models import deepseek_ocr, deepseek_ocr2
    from vllm.multimodal import MULTIMODAL_REGISTRY

    from ocr_app.engine.vllm import processor, processor2

    def prepare(image: Image.Image) -> Image.Image:
        if OCR in json.loads((model / "config.json").read_text())["architectures"]:
            return processor.prepare_page(image, "gundam", torch.float32)
        return processor2.prepare_page(image, torch.float32)

    config = _config(model).model_config
    for name, module in (("DeepseekOCR", deepseek_ocr), ("DeepseekOCR2", deepseek_ocr2)):
        MULTIMODAL_REGISTRY.register_processor(
            getattr(module, f"{name}MultiModalProcessor"),
            info=getattr(module, f"{name}ProcessingInfo"),
            dummy_inputs=getattr(module, f"{name}DummyInputsBuilder"),
        )(getattr(module, f"{name}ForCausalLM"))
    stock = MULTIMODAL_REGISTRY.create_processor(config)
    processor.register_modes()
    processor2.register_pages()
    return stock, MULTIMODAL_REGISTRY.create_processor(config), prepare


def _apply(processor: Any, images: list[Image.Image]) -> Any:
    from vllm.multimodal.processing import ProcessorInputs, TimingContext

    token = processor.info.get_hf_processor().image_token_id
    items = processor.info.parse_mm_data({"image": images})
    inputs = ProcessorInputs(prompt=[0, *[token] * len(images), 5], mm_data_items=items)
    return processor.apply(inputs, timing_ctx=TimingContext(enabled=False))


def test_prepared_pages_equal_vllms_own(model: Path) -> None:
    import torch

    stock, ours, prepare = _processors(model)
    images = [page(*size) for size in SIZES]
    expected, found = _apply(stock, images), _apply(ours, [prepare(image) for image in images])
    assert found["prompt_token_ids"] == expected["prompt_token_ids"]
    assert found["mm_placeholders"] == expected["mm_placeholders"]
    for size, one, other in zip(SIZES, found["mm_kwargs"]["image"], expected["mm_kwargs"]["image"], strict=True):
        for name in ("pixel_values", "images_crop", "images_spatial_crop"):
            assert one[name].data.dtype == other[name].data.dtype
            assert torch.equal(one[name].data, other[name].data), (size, name)


@pytest.mark.parametrize(("size", "grid"), [((2000, 2000), (3, 3)), ((1654, 2339), (2, 3)), ((2800, 400), (7, 1))])
def test_a_page_may_have_nine_tiles(size: tuple[int, int], grid: tuple[int, int]) -> None:
    import torch

    from ocr_app.engine.vllm.processor import prepare_page, tile_grid
    from ocr_app.ocr.modes import image_tokens

    ours = prepare_page(page(*size), "gundam", torch.float32, 9).info["ocr_prepared"]
    assert ours.grid == grid == tile_grid(size, 9)
    assert ours.tiles.shape == (grid[0] * grid[1], 3, 640, 640)
    assert ours.tokens == image_tokens("gundam", *grid) <= 1_203


def test_whole_views_keep_the_pages_shape_and_squeezed_ones_do_not() -> None:
    import torch

    from ocr_app.engine.vllm.processor import prepare_page

    wide = page(800, 200)
    for mode, side in (("base", 1024), ("large", 1280)):
        view = prepare_page(wide, mode, torch.float32).info["ocr_prepared"].view  # type: ignore[arg-type]
        assert view.shape == (3, side, side)
        assert view[:, 0].abs().max() < 0.01, "padded above with grey"
    for mode, side in (("tiny", 512), ("small", 640)):
        view = prepare_page(wide, mode, torch.float32).info["ocr_prepared"].view  # type: ignore[arg-type]
        assert view.shape == (3, side, side)
        assert view[:, 0].min() > 0.9, "white up to the edge"


def test_a_page_carries_no_pixels_and_is_like_no_other() -> None:
    """vLLM must keep nothing of the image, and never take one page for another, whatever caches are on."""
    import torch
    from vllm.multimodal.hasher import MultiModalHasher

    from ocr_app.engine.vllm.processor import prepare_page

    pages = [prepare_page(page(900, 700), "base", torch.float32) for _ in range(2)]
    assert [prepared.size for prepared in pages] == [(1, 1), (1, 1)]
    first, second = (b"".join(MultiModalHasher.serialize_item(prepared)) for prepared in pages)
    assert first != second


LARGEST = {OCR: (1_280, 640, 9, 1_263), OCR2: (1_024, 768, 6, 1_121)}
"""Side of the view, side of the tiles, their number, and prompt tokens of the page with most of them."""


@pytest.mark.parametrize("batched", [512, 2_048, 8_192])
def test_vllm_measures_memory_with_the_largest_page(model: Path, batched: int) -> None:
    from vllm.multimodal import MULTIMODAL_REGISTRY
    from vllm.multimodal.encoder_budget import MultiModalBudget, get_dummy_encoder_profile_inputs

    _processors(model)
    config = _config(model, max_num_batched_tokens=batched, max_model_len=8_192)
    view, tile, tiles, tokens = LARGEST[config.model_config.hf_config.architectures[0]]
    budget = MultiModalBudget(config, MULTIMODAL_REGISTRY)
    assert budget.mm_max_toks_per_item == {"image": tokens}
    # A page that has more tokens than the budget of a step would never be scheduled.
    assert budget.get_encoder_budget() == max(batched, tokens)
    pages = [item for _, item in get_dummy_encoder_profile_inputs(MULTIMODAL_REGISTRY, budget)]
    assert len(pages) == max(1, batched // tokens)
    for each in pages:
        assert each["pixel_values"].data.shape == (3, view, view)
        assert each["images_crop"].data.shape == (tiles, 3, tile, tile)
        assert each["images_crop"].data.all(), "vLLM's model takes zeros for no image"
        assert each["images_spatial_crop"].data.prod() == tiles


@pytest.mark.parametrize(("batched", "gib"), [(2_048, 24), (8_192, 80), (16_384, 141)])
def test_no_step_needs_more_than_was_measured(batched: int, gib: int) -> None:
    """With vLLM's batch for the card; what counts is SAM's attention bias of what is encoded together."""
    from ocr_app.engine.vllm.encoder import SHARE_OF_MEMORY, at_once
    from ocr_app.engine.vllm.processor import grids, most_tokens
    from ocr_app.ocr.modes import MOST_TILES, image_tokens

    def patches(side: int, count: int) -> int:
        return min(count, at_once(side, 2, int(SHARE_OF_MEMORY * gib * 2**30))) * (side // 16) ** 4

    pages = batched // most_tokens()
    measured = max(patches(1_280, pages), patches(640, MOST_TILES * pages))
    for mode, size in MODES.items():
        for grid in grids(MOST_TILES) if size.tile else [(1, 1)]:
            tokens = image_tokens(mode, *grid)
            assert tokens <= most_tokens()
            tiles = patches(size.tile, batched // tokens * grid[0] * grid[1]) if grid != (1, 1) else 0
            # The largest view that fits may leave a little more room than the measured tiles.
            assert max(patches(size.view, batched // tokens), tiles) <= 1.1 * measured, (mode, grid)


def test_a_step_is_never_shorter_than_the_largest_page() -> None:
    """vLLM would wait for ever to schedule it."""
    from annotated_types import Ge

    from ocr_app.engine.vllm import processor, processor2
    from ocr_app.settings import VllmEngineSettings

    constraints = VllmEngineSettings.model_fields["max_num_batched_tokens"].metadata
    (least,) = [each.ge for each in constraints if isinstance(each, Ge)]
    assert least >= max(processor.most_tokens(), processor2.most_tokens())
