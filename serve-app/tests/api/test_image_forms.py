"""The ways in which clients write an image into a request; each of them reaches the engine as the same file."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.support import FakeEngine, chat, front, image_bytes

CHAT = "/v1/chat/completions"
SMALL = image_bytes()
LARGE = SMALL + bytes(40_000)
"""Long enough to be cut out of the body; what follows a PNG is ignored."""


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def part(url: Any) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


FORMS: dict[str, Callable[[bytes], dict[str, Any]]] = {
    "as OpenAI has it": lambda data: part(f"data:image/png;base64,{encoded(data)}"),
    "a plain string": lambda data: {"type": "image_url", "image_url": f"data:image/png;base64,{encoded(data)}"},
    "the Responses API": lambda data: {"type": "input_image", "image_url": f"data:image/png;base64,{encoded(data)}"},
    "with detail": lambda data: {
        "type": "image_url",
        "image_url": {"url": f"data:;base64,{encoded(data)}", "detail": "high"},
    },
    "lines of Python": lambda data: part(f"data:image/png;base64,{base64.encodebytes(data).decode()}"),
    "URL-safe": lambda data: part(f"data:image/png;base64,{base64.urlsafe_b64encode(data).decode().rstrip('=')}"),
    "upper case": lambda data: part(f"DATA:IMAGE/PNG;BASE64,{encoded(data)}"),
    "mixed case": lambda data: part(f"Data:image/png;Base64,{encoded(data)}"),
    "no media type": lambda data: part(f"data:;base64,{encoded(data)}"),
    "nothing but base64": lambda data: part(f"data:base64,{encoded(data)}"),
    "another media type": lambda data: part(f"data:application/octet-stream;base64,{encoded(data)}"),
    "an odd media type": lambda data: part(f"data:image/png;name=page one.png;charset=utf-8;base64,{encoded(data)}"),
    "base64 before a parameter": lambda data: part(f"data:image/png;base64;charset=utf-8,{encoded(data)}"),
    "spaces around": lambda data: part(f" data:image/png; base64, {encoded(data)}\n"),
}


@pytest.mark.parametrize("data", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
async def test_the_engine_gets_the_file(form: Callable[[bytes], dict[str, Any]], data: bytes) -> None:
    engine = FakeEngine()
    async with front(engine) as client:
        response = await client.post(CHAT, content=json.dumps(chat(form(data))).encode())
    assert response.status_code == 200, response.text
    assert engine.requests[0].images == (data,)


async def test_text_may_have_the_name_that_the_responses_api_has() -> None:
    engine = FakeEngine()
    async with front(engine) as client:
        body = chat(part(f"data:;base64,{encoded(SMALL)}"), {"type": "input_text", "text": "Read it."})
        assert (await client.post(CHAT, json=body)).status_code == 200
    assert "Read it." in str(engine.requests[0].messages)
