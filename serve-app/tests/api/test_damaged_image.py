"""An image whose header is fine and whose pixels are not: only the engine notices, and the answer names the field."""

import asyncio
import io
import random
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from ocr_app.api.engine_client import LocalEngineClient
from ocr_app.engine.cpu.engine import CpuEngine
from ocr_app.engine.types import Engine
from ocr_app.settings import Settings
from tests.api.support import assert_error, chat, data_uri, front, image_part
from tests.engine.vllm.stand_in import StandIn
from tests.engine.vllm.stand_in import engine as vllm_engine


def cut_off() -> bytes:
    """A PNG file of noise without its last quarter."""
    buffer = io.BytesIO()
    Image.frombytes("RGB", (60, 40), random.Random(1).randbytes(60 * 40 * 3)).save(buffer, "PNG")  # noqa: S311
    return buffer.getvalue()[: -buffer.tell() // 4]


@pytest.fixture(params=["cpu", "vllm"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    made: Engine = CpuEngine(Settings()) if request.param == "cpu" else vllm_engine(StandIn(["text"]))
    if request.param == "cpu":
        asyncio.run(made.start())
    yield made
    if request.param == "cpu":
        asyncio.run(made.close())


@pytest.mark.parametrize("stream", [False, True])
async def test_the_answer_is_a_400_that_names_the_field(engine: Engine, stream: bool) -> None:
    parts: list[Any] = [{"type": "text", "text": "Read this."}, image_part(data_uri(cut_off()))]
    async with front(client=LocalEngineClient(engine)) as client:
        response = await client.post("/v1/chat/completions", json=chat(*parts, stream=stream))
    message = assert_error(response, 400, "invalid_image", "messages[0].content[1].image_url.url")
    assert "damaged or cut off" in message
