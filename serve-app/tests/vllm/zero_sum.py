"""Pages whose pixels add up to zero after vLLM's normalisation, and a script that has them read.

    python zero_sum.py CHECKPOINT OUT [--without-corrections]

The script starts vLLM as the application does, its engine process by `spawn`, and writes what became of each page.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parents[2]))

from PIL import Image, ImageDraw

from tests.vllm.service import ENVIRONMENT

VLLMS_OWN = "vllm.model_executor.models.deepseek_ocr:NGramPerReqLogitsProcessor"


def halves(width: int = 512, height: int = 512) -> Image.Image:
    """Return a page with a black left and a white right half."""
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).rectangle((0, 0, width // 2 - 1, height), fill="black")
    return image


def chessboard(side: int = 512, field: int = 64) -> Image.Image:
    """Return a chessboard."""
    image = Image.new("RGB", (side, side), "white")
    draw = ImageDraw.Draw(image)
    for x in range(0, side, field):
        for y in range(0, side, field):
            if (x + y) // field % 2:
                draw.rectangle((x, y, x + field - 1, y + field - 1), fill="black")
    return image


def plain(colour: str) -> Image.Image:
    """Return a page of one colour; a black and a white one add up to zero."""
    return Image.new("RGB", (512, 512), colour)


CASES: dict[str, list[tuple[Image.Image, str]]] = {
    "halves": [(halves(), mode) for mode in ("tiny", "small", "base")],
    "chessboard": [(chessboard(), "tiny")],
    # Two tiles of 640 x 640, one black and one white; the whole view of the page is padded with grey.
    "tiles": [(halves(1280, 640), "gundam")],
    # Several at once, so that a black and a white page meet in one batch.
    "pairs": [(plain(colour), "tiny") for colour in ("black", "white") * 2],
}
"""Pages and modes; the pages of one case are read at once."""


async def read_all(runtime: Any) -> dict[str, list[str]]:
    """Read the cases one after the other; return the outcome of each page, in order."""

    async def read(name: str, index: int, image: Image.Image, mode: Any) -> str:
        parts = [
            {"type": "image_pil", "image_pil": runtime.prepare(image, mode)},
            {"type": "text", "text": "Free OCR."},
        ]
        fields = {"max_tokens": 4, "temperature": 0.0, "skip_special_tokens": False}
        tokens = 0
        try:
            async for step in runtime.generate(f"{name}-{index}", [{"role": "user", "content": parts}], fields):
                tokens += step.tokens
        except Exception as error:  # whatever it is, the test shows it
            return f"{type(error).__name__}: {error}"
        return f"{tokens} tokens"

    return {
        name: list(await asyncio.gather(*(read(name, index, *page) for index, page in enumerate(pages))))
        for name, pages in CASES.items()
    }


async def main(checkpoint: str, *options: str) -> dict[str, list[str]]:
    """Start vLLM, read, end it."""
    os.environ.update(ENVIRONMENT, VLLM_WORKER_MULTIPROC_METHOD="spawn")
    from ocr_app.engine.vllm import runtime as module
    from ocr_app.engine.vllm.args import engine_args
    from ocr_app.settings import VllmEngineSettings
    from tests.vllm.service import vllm_settings

    arguments = engine_args(VllmEngineSettings(**vllm_settings(Path(checkpoint))["vllm"]), checkpoint)
    if "--without-corrections" in options:
        arguments["logits_processors"] = [VLLMS_OWN]
        with patch.object(module, "LOGITS_PROCESSOR", VLLMS_OWN):
            runtime = module.Runtime(arguments, "deepseek-ocr")
    else:
        runtime = module.Runtime(arguments, "deepseek-ocr")
    try:
        return await read_all(runtime)
    finally:
        runtime.shutdown()


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(asyncio.run(main(sys.argv[1], *sys.argv[3:]))))
