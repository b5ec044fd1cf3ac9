"""Pages whose pixels add up to zero are read, and vLLM's own functions still fail at them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ocr_app.engine.types import StartError
from tests.vllm.zero_sum import CASES

SCRIPT = Path(__file__).parent / "zero_sum.py"
SIDES = {"DeepseekOCRForCausalLM": "deepseek_ocr", "DeepseekOCR2ForCausalLM": "deepseek_ocr2"}
PARSE, TILES = "_parse_and_validate_image_input", "_encode_local_features"


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
        for name in (PARSE, TILES):
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
        image_newline=torch.zeros(4),
        vision_config=SimpleNamespace(image_size=16),
    )
    if hasattr(model, "_assemble_patch_grid"):
        stub._assemble_patch_grid = lambda features, shape: model._assemble_patch_grid(stub, features, shape)
    return getattr(model, name)(stub, *args, **kwargs)


def encode_tiles(model: Any, tiles: Any) -> Any:
    import torch

    grid = (torch.tensor([2, 1]),) if hasattr(model, "_assemble_patch_grid") else ()
    return call(model, TILES, tiles, *grid)


def pixels(first: float, second: float) -> dict[str, Any]:
    import torch

    pages = torch.stack([torch.full((3, 16, 16), first), torch.full((3, 16, 16), second)])
    return {"pixel_values": pages, "images_crop": pages[:0], "images_spatial_crop": torch.ones((2, 2))}


def test_vllms_own_functions_still_need_the_corrections(model: Any) -> None:
    """If this fails, vLLM has repaired them: take model_fixes.py out."""
    assert call(model, PARSE, **pixels(-1, 1)) is None
    assert encode_tiles(model, pixels(-1, 1)["pixel_values"]) is None


def test_corrected_functions_take_a_black_and_a_white_page(model: Any) -> None:
    from ocr_app.engine.vllm import model_fixes

    model_fixes.apply()
    page = pixels(-1, 1)
    parsed = call(model, PARSE, **page)
    assert parsed.data is page["pixel_values"]
    assert parsed.images_crop is page["images_crop"]
    assert parsed.images_spatial_crop is page["images_spatial_crop"]
    assert encode_tiles(model, page["pixel_values"]).unique().tolist()[:1] == [-1]
    assert call(model, PARSE) is None
    assert encode_tiles(model, page["images_crop"]) is None


def test_corrected_functions_change_nothing_else(model: Any) -> None:
    import torch

    from ocr_app.engine.vllm import model_fixes

    page = pixels(-0.5, 1)
    before = call(model, PARSE, **page), encode_tiles(model, page["pixel_values"])
    model_fixes.apply()
    after = call(model, PARSE, **page), encode_tiles(model, page["pixel_values"])
    assert vars(after[0]) == vars(before[0])
    assert torch.equal(after[1], before[1])


@pytest.mark.parametrize("name", [PARSE, TILES, "_pixel_values_to_embedding"])
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
