"""Pages whose pixels add up to zero are read, and vLLM's own functions still fail at them."""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ocr_app.engine.types import StartError
from tests.vllm.zero_sum import CASES

SCRIPT = Path(__file__).parent / "zero_sum.py"
SIDES = {"DeepseekOCRForCausalLM": "deepseek_ocr", "DeepseekOCR2ForCausalLM": "deepseek_ocr2"}
PARSE, PAGES = "_parse_and_validate_image_input", "_pixel_values_to_embedding"


def read_in_vllm(checkpoint: Path, out: Path, *options: str) -> dict[str, list[str]]:
    command = [sys.executable, str(SCRIPT), str(checkpoint), str(out), *options]
    subprocess.run(command, check=True, env={**os.environ}, timeout=1_800)  # noqa: S603
    return dict(json.loads(out.read_text()))


@pytest.mark.timeout(1_800)
def test_pages_that_add_up_to_zero_are_read(checkpoint: Path, tmp_path: Path) -> None:
    outcomes = read_in_vllm(checkpoint, tmp_path / "out.json")
    assert outcomes == {name: ["4 tokens"] * len(pages) for name, pages in CASES.items()}


@pytest.fixture(params=SIDES)
def model(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """One of vLLM's models, with its own functions whatever a test does to them."""
    from importlib import import_module

    models = {name: getattr(import_module(f"vllm.model_executor.models.{file}"), name) for name, file in SIDES.items()}
    for each in models.values():
        for name in (PARSE, PAGES):
            monkeypatch.setattr(each, name, getattr(each, name))
    return models[request.param]


def call(model: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    """Call a function of a model whose towers only pass the mean of what they get."""
    import torch

    def tower(pixels: Any, *_: Any) -> Any:
        means = pixels.float().mean(dim=(1, 2, 3))
        # SAM's shape: 4 places of 2 values; CLIP has one more in front, and OCR-2's tower none.
        return means.view(-1, 1, 1, 1).expand(-1, 2, 2, 2)

    def clip(pixels: Any, *_: Any) -> Any:
        return tower(pixels).flatten(2).permute(0, 2, 1)[:, [0, 0, 1, 2, 3]]

    stub = SimpleNamespace(
        sam_model=tower,
        vision_model=clip,
        qwen2_model=lambda features: features.flatten(2).permute(0, 2, 1).contiguous(),
        projector=lambda features: features,
        image_newline=torch.full((4,), 7.0),
        view_seperator=torch.full((4 if hasattr(model, "_assemble_patch_grid") else 2,), 8.0),
        vision_config=SimpleNamespace(image_size=16),
    )
    for helper in ("_assemble_patch_grid", "_encode_global_features", "_encode_local_features"):
        if hasattr(model, helper):
            setattr(stub, helper, partial(getattr(model, helper), stub))
    return getattr(model, name)(stub, *args, **kwargs)


def encode(model: Any, name: str = PAGES, **page: Any) -> list[Any]:
    """Return the embeddings of a batch of pages."""
    return list(call(model, name, page["pixel_values"], page["images_crop"], page["images_spatial_crop"]))


def pixels(first: float, second: float) -> dict[str, Any]:
    import torch

    pages = torch.stack([torch.full((3, 16, 16), first), torch.full((3, 16, 16), second)])
    return {
        "pixel_values": pages,
        "images_crop": pages[:0],
        "images_spatial_crop": torch.ones((2, 2), dtype=torch.long),
    }


def tiled(*values: float) -> dict[str, Any]:
    """Return three pages: one of two tiles, one of none, one of two."""
    import torch

    def filled(each: tuple[float, ...]) -> Any:
        return torch.stack([torch.full((3, 16, 16), value) for value in each])

    grids = torch.tensor([[2, 1], [1, 1], [1, 2]])
    return {"pixel_values": filled(values[:3]), "images_crop": filled(values[3:]), "images_spatial_crop": grids}


def test_vllms_own_functions_still_need_the_corrections(model: Any) -> None:
    """If this fails, vLLM has repaired them: take the parts that are no longer needed out of model_fixes.py."""
    assert call(model, PARSE, **pixels(-1, 1)) is None
    assert len(encode(model, **tiled(1, 1, 1, 1, 1, 1, 1))[0]) > len(encode(model, **tiled(1, 1, 1, -1, 1, 1, 1))[0])


def test_corrected_functions_take_a_black_and_a_white_page(model: Any) -> None:
    from ocr_app.engine.vllm import model_fixes

    model_fixes.apply()
    page = pixels(-1, 1)
    parsed = call(model, PARSE, **page)
    assert parsed.data is page["pixel_values"]
    assert parsed.images_crop is page["images_crop"]
    assert parsed.images_spatial_crop is page["images_spatial_crop"]
    assert call(model, PARSE) is None
    whole, cancelled = (encode(model, **tiled(1, 1, 1, first, 1, 1, 1)) for first in (1, -1))
    assert [len(each) for each in cancelled] == [len(each) for each in whole]
    assert -1 in cancelled[0]


@pytest.mark.parametrize("limit", [0, 2**40], ids=["one by one", "together"])
def test_corrected_functions_change_nothing_else(model: Any, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from ocr_app.engine.vllm import encoder, model_fixes

    monkeypatch.setattr(encoder, "_BYTES_WITHOUT_GPU", limit)
    batches = [pixels(-0.5, 1), tiled(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)]
    before = [(call(model, PARSE, **batch), encode(model, **batch)) for batch in batches]
    model_fixes.apply()
    after = [(call(model, PARSE, **batch), encode(model, **batch)) for batch in batches]
    for (parsed, pages), (parsed_now, pages_now) in zip(before, after, strict=True):
        assert vars(parsed_now) == vars(parsed)
        assert len(pages_now) == len(pages)
        assert all(torch.equal(now, then) for now, then in zip(pages_now, pages, strict=True))


@pytest.mark.parametrize("name", [PARSE, PAGES, "_encode_local_features"])
def test_other_code_of_vllm_is_not_corrected(model: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from ocr_app.engine.vllm import model_fixes

    def repaired(self: Any, **kwargs: Any) -> None:
        """Stands for what a later vLLM may have."""

    monkeypatch.setattr(model, name, repaired)
    with pytest.raises(StartError, match=f"another {model.__name__}.{name}"):
        model_fixes.check()
    monkeypatch.delattr(model, name)
    with pytest.raises(StartError, match=f"another {model.__name__}.{name}"):
        model_fixes.check()


def test_the_corrections_cannot_be_left_out() -> None:
    from ocr_app.engine.vllm.runtime import Runtime

    with pytest.raises(StartError, match="logits_processors must contain"):
        Runtime({"logits_processors": []}, "deepseek-ocr")
