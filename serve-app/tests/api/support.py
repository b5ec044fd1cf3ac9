"""A front in this process, with an engine whose behaviour each test chooses."""

import asyncio
import base64
import io
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
from PIL import Image

from ocr_app.api.engine_client import EngineClient, LocalEngineClient
from ocr_app.api.engine_state import EngineMonitor
from ocr_app.api.factory import create_app
from ocr_app.engine.types import Delta, Done, EngineEvent, EngineRequest, Usage
from ocr_app.settings import Settings


def image_bytes(kind: str = "PNG", size: tuple[int, int] = (20, 10)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "white").save(buffer, kind)
    return buffer.getvalue()


def data_uri(data: bytes | None = None, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64," + base64.b64encode(data or image_bytes()).decode()


def image_part(url: str | None = None) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url or data_uri()}}


def chat(*parts: Any, **fields: Any) -> dict[str, Any]:
    """A request body; without parts, one with an image and a line of text."""
    content = list(parts) or [image_part(), {"type": "text", "text": "Read this."}]
    return {"model": "deepseek-ocr", "messages": [{"role": "user", "content": content}], **fields}


class FakeEngine:
    """Says its words, one every `interval` seconds, and remembers what it was asked and who left."""

    def __init__(self, words: int = 3, interval: float = 0.0, error: Exception | None = None) -> None:
        self.words = words
        self.interval = interval
        self.error = error
        self.requests: list[EngineRequest] = []
        self.running = 0
        self.cancelled = 0

    async def start(self) -> None: ...

    async def check_health(self) -> None: ...

    async def close(self) -> None: ...

    async def generate(self, request: EngineRequest) -> AsyncIterator[EngineEvent]:
        self.requests.append(request)
        self.running += 1
        finished = False
        try:
            for index in range(self.words):
                await asyncio.sleep(self.interval)
                yield Delta(f"w{index} ")
            if self.error:
                raise self.error
            finished = True
            yield Done("stop", Usage(7, self.words), {"verdicts": ["ok"]})
        finally:
            self.running -= 1
            self.cancelled += not finished


Client = httpx.AsyncClient


def front(
    engine: FakeEngine | None = None,
    *,
    client: EngineClient | None = None,
    monitor: EngineMonitor | None = None,
    api_key: str = "",
    **settings: Any,
) -> Client:
    """An HTTP client whose server is the whole front in this process."""
    app = create_app(
        Settings(engine="null", **settings),
        client or LocalEngineClient(engine or FakeEngine()),
        monitor=monitor,
        api_key=api_key,
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://front")


async def close_documents(client: Client) -> None:
    """End the processes that draw pages for a front of `front`, if it has any."""
    transport: Any = client._transport
    await transport.app.state.service.documents.close()


def assert_error(response: httpx.Response, status: int, code: str | None = None, param: str | None = None) -> str:
    """Check that an answer is an error as OpenAI's are; return its message."""
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"]
    if code is not None:
        assert error["code"] == code, error
    if param is not None:
        assert error["param"] == param, error
    return str(error["message"])


async def eventually(condition: Callable[[], bool], timeout_s: float = 2.0) -> None:
    """Wait until a condition holds."""
    for _ in range(int(timeout_s / 0.005)):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("the condition never held")
