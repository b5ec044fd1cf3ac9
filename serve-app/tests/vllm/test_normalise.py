"""The table gives what vLLM's ImageTransform computes, for every byte and type."""

import pytest
from PIL import Image


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32"])
def test_equal_to_vllms_own_bit_for_bit(dtype: str) -> None:
    import torch
    from vllm.transformers_utils.processors.deepseek_ocr import ImageTransform

    from ocr_app.engine.vllm.normalise import normalise

    every = bytes(range(256)) * 9
    images = [Image.frombytes("RGB", (32, 24), data) for data in (every, every[::-1])]
    wanted = torch.stack([ImageTransform()(image).to(getattr(torch, dtype)) for image in images])
    ours = normalise(images, getattr(torch, dtype))
    assert ours.dtype == wanted.dtype
    assert torch.equal(ours, wanted)
