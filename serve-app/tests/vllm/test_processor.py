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
