"""What our threads make of a page is bit for bit what vLLM's own processor makes of it, in the mode that it has."""

from pathlib import Path

import pytest

from tests.vllm.pages import page

SIZES = [(500, 400), (640, 640), (641, 200), (700, 300), (1654, 2339), (3000, 500), (400, 3000), (1, 1)]


@pytest.mark.parametrize("size", SIZES)
def test_a_prepared_page_equals_vllms_own(checkpoint: Path, size: tuple[int, int]) -> None:
    import torch
    from transformers import AutoTokenizer
    from vllm.transformers_utils.processors.deepseek_ocr import DeepseekOCRProcessor

    from ocr_app.engine.vllm.processor import prepare_page

    image = page(*size)
    tokenizer = AutoTokenizer.from_pretrained(str(checkpoint))
    stock = DeepseekOCRProcessor(tokenizer, strategy="v1")(prompt="<image>", images=[image])
    ours = prepare_page(image, "gundam", torch.float32).info["ocr_prepared"]
    assert torch.equal(stock["pixel_values"][0], ours.view)
    assert torch.equal(stock["images_crop"], ours.tiles)
    assert stock["images_spatial_crop"].tolist() == [list(ours.grid)]
    assert stock["num_image_tokens"].tolist() == [ours.tokens]


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
