"""Corrects vLLM's DeepSeek-OCR models, which take pixels that add up to zero for "no image".

vLLM 0.29 tests `torch.sum(pixel_values).item() == 0` in `_parse_and_validate_image_input`, and the same of a page's
tiles in `_encode_local_features`. Pixels are from -1 (black) to 1 (white), so a page that is half black and half white
adds up to zero, and so may two pages of one batch. The model then returns no embeddings for them, and vLLM ends its
engine process with an AssertionError. An image is absent where its tensor is absent, and a page has no tiles where
their tensor has no rows; the functions below and in `encoder.py` ask that instead, and wait for the GPU less.

`apply` has to run in vLLM's engine process before the model sees an image; `repetition_guard.py` is how it gets there.
"""

import hashlib
import inspect
from typing import Any

from vllm.model_executor.models import deepseek_ocr, deepseek_ocr2

from ocr_app.engine.types import StartError
from ocr_app.engine.vllm import encoder

_OCR: type = deepseek_ocr.DeepseekOCRForCausalLM
_OCR2: type = deepseek_ocr2.DeepseekOCR2ForCausalLM
# What ours were written for: the functions that they replace, and those whose work they do or call.
_WRITTEN_FOR = {
    _OCR: {
        "_parse_and_validate_image_input": "d6fbf1a665c9f92c3481c3e665f2ea444da02b0a2ffc1b2e2dbc12024a618335",
        "_encode_global_features": "ee977696ffb7a44e7f723f10a91e2aa1b9b648c497960b5a0eb00313f47ec2a3",
        "_assemble_patch_grid": "1eed1a5679961dd0644ca3afd5b36a8e8afcb621fcbf91bd874a9869a8b374ae",
        "_encode_local_features": "79c8e56adc5bd7771c5af885b6c89c6acc994877121ccf8f4f15d678fc465af1",
        "_pixel_values_to_embedding": "676a6562a42add40b202a0546ef82a65902795ab0f60ccd27a9f990e097a4f45",
    },
    _OCR2: {
        "_parse_and_validate_image_input": "9866a6425810fdf702f5d00fe702af0e71f152b08d807a613cc6d06b2b07d3e7",
        "_encode_global_features": "d4ba27d58ea09bd75ea19b44b0782d0bbd89406b5f1cc478cf86111040551fd3",
        "_encode_local_features": "cf293377180e28182b824f1b1e7f5d2b3d5ec2a43980e7548f16d3e52ca57a9d",
        "_pixel_values_to_embedding": "bd7429bbd56968c66d3a95259ead17efb31e6072c6298cc73f525de26d1c2d23",
    },
}
"""SHA-256 of the functions' source in vLLM 0.29.0, of the CUDA and of the CPU build."""


def check() -> None:
    """See that vLLM's models are what the corrections were written for.

    Raises:
        StartError: They are not, so that a correction could do harm, or vLLM no longer needs it.
    """
    for model, functions in _WRITTEN_FOR.items():
        for name, known in functions.items():
            function = getattr(model, name, None)
            if function in _FIXED[model].values():
                continue
            if _hash(function) != known:
                raise StartError(
                    f"This version of vLLM has another {model.__name__}.{name} than the one that "
                    "ocr_app/engine/vllm/model_fixes.py corrects: use vLLM 0.29.0 (rayproject/ray-llm:2.60.0), or "
                    "adapt that file."
                )


def apply() -> None:
    """Put the corrected functions into vLLM's models in this process; a second time changes nothing.

    Raises:
        StartError: See `check`.
    """
    check()
    for model, functions in _FIXED.items():
        for name, function in functions.items():
            setattr(model, name, function)


def _hash(function: Any) -> str:
    try:
        return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()
    except (OSError, TypeError):  # no source, or no function
        return ""


def _ocr_image_input(self: Any, **kwargs: Any) -> Any:
    pixels, tiles = kwargs.get("pixel_values"), kwargs.get("images_crop")
    if pixels is None:
        return None
    side = pixels.shape[-1]
    return deepseek_ocr.DeepseekOCRImagePixelInputs(
        type="pixel_values",
        data=pixels,
        images_crop=tiles,
        images_spatial_crop=kwargs.get("images_spatial_crop"),
        resolve_bindings={"base_size": side, "image_size": side if tiles is None else tiles.shape[-1]},
    )


def _ocr2_image_input(self: Any, **kwargs: Any) -> Any:
    pixels = kwargs.get("pixel_values")
    if pixels is None:
        return None
    return deepseek_ocr2.DeepseekOCRImagePixelInputs(
        type="pixel_values",
        data=pixels,
        images_crop=kwargs.get("images_crop"),
        images_spatial_crop=kwargs.get("images_spatial_crop"),
        resolve_bindings={"base_size": self.vision_config.image_size},
    )


_FIXED = {
    _OCR: {
        "_parse_and_validate_image_input": _ocr_image_input,
        "_pixel_values_to_embedding": encoder.ocr_pages,
    },
    _OCR2: {
        "_parse_and_validate_image_input": _ocr2_image_input,
        "_pixel_values_to_embedding": encoder.ocr2_pages,
    },
}
