"""What OpenAI's clients rely on."""

import json
from typing import Any

import pytest
from PIL import features

from ocr_app.engine.types import Picture, TextPart
from tests.api.support import FakeEngine, assert_error, chat, data_uri, front, image_bytes, image_part

CHAT = "/v1/chat/completions"


def events(text: str) -> list[dict[str, Any]]:
    lines = [line.removeprefix("data: ") for line in text.split("\n\n") if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


async def test_answer() -> None:
    async with front() as client:
        first, second = [(await client.post(CHAT, json=chat())).json() for _ in range(2)]
    assert first["id"].startswith("chatcmpl-")
    assert first["id"] != second["id"]
    assert first["object"] == "chat.completion"
    assert first["model"] == "deepseek-ocr"
    assert abs(first["created"] - __import__("time").time()) < 60
    assert first["choices"] == [
        {
            "index": 0,
            "message": {"role": "assistant", "content": "w0 w1 w2 ", "refusal": None},
            "logprobs": None,
            "finish_reason": "stop",
        }
    ]
    assert first["usage"] == {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
    assert first["ocr"] == {"verdicts": ["ok"]}


async def test_stream() -> None:
    async with front() as client:
        response = await client.post(CHAT, json=chat(stream=True))
    assert response.headers["content-type"].startswith("text/event-stream")
    chunks = events(response.text)
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks) == "w0 w1 w2 "
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["ocr"] == {"verdicts": ["ok"]}
    assert all("usage" not in chunk for chunk in chunks)


async def test_stream_with_usage() -> None:
    async with front() as client:
        response = await client.post(CHAT, json=chat(stream=True, stream_options={"include_usage": True}))
    chunks = events(response.text)
    assert all(chunk["usage"] is None for chunk in chunks[:-1])
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"] == {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}


async def test_what_the_engine_gets() -> None:
    engine = FakeEngine()
    body = {
        "model": "deepseek-ocr",
        "messages": [
            {"role": "system", "content": "You read."},
            {"role": "user", "content": [image_part(), {"type": "text", "text": "one"}, image_part()]},
        ],
        "temperature": 0.0,
        "max_tokens": 100_000,
        "stop": "END",
        "seed": 5,
        "user": "someone",
        "top_p": 0.9,
        "vllm_xargs": {"ngram_size": 30},
        "made_up": [1, {"a": None}],
    }
    async with front(engine) as client:
        assert (await client.post(CHAT, json=body)).status_code == 200
    request = engine.requests[0]
    assert [message.role for message in request.messages] == ["system", "user"]
    assert [part.type for part in request.messages[1].parts] == ["image", "text", "image"]
    assert [part.index for part in request.messages[1].parts if part.type == "image"] == [0, 1]
    params = [f"messages[1].content[{index}].image_url.url" for index in (0, 2)]
    assert request.pictures == tuple(Picture(image_bytes(), param) for param in params)
    assert request.images == (image_bytes(), image_bytes())
    assert request.max_tokens == 8192
    assert (request.temperature, request.stop, request.seed, request.stream) == (0.0, ("END",), 5, False)
    assert request.options == {"top_p": 0.9, "vllm_xargs": {"ngram_size": 30}, "made_up": [1, {"a": None}]}


@pytest.mark.parametrize("stream", [False, True])
async def test_fields_without_effect_are_named(stream: bool) -> None:
    body = chat(made_up=1, top_p=1, **{"long" * 50: {}}, nothing=None, user="x", stream=stream)
    async with front() as client:
        text = (await client.post(CHAT, json=body)).text.replace(": ", ":").replace(", ", ",")
    assert '"ocr":{"verdicts":["ok"],"ignored":["made_up","longlong' in text
    assert len(text) < 1_500


async def test_long_data_outside_of_images_reaches_the_engine_whole() -> None:
    engine = FakeEngine()
    long = "data:application/pdf;base64," + "A" * 100_000
    body = chat(image_part(), {"type": "text", "text": long}, made_up=[{"file": long}, long])
    async with front(engine) as client:
        assert (await client.post(CHAT, json=body)).status_code == 200
    (request,) = engine.requests
    assert request.options == {"made_up": [{"file": long}, long]}
    assert request.messages[0].parts[1] == TextPart(long)
    async with front(engine, limits={"max_text_bytes": 300_000}) as client:
        refused = await client.post(CHAT, json=body)
    assert "besides its images" in assert_error(refused, 413, "request_too_large")


async def test_large_images_are_no_text() -> None:
    image = image_bytes("PNG") + bytes(200_000)
    engine = FakeEngine()
    async with front(engine, limits={"max_text_bytes": 1_024}) as client:
        response = await client.post(CHAT, json=chat(image_part(data_uri(image)), image_part(data_uri(image))))
    assert response.status_code == 200, response.text
    assert engine.requests[0].images == (image, image)


async def test_a_byte_order_mark_is_no_part_of_the_body() -> None:
    """Windows tools write one before UTF-8, whether the image is cut out of the text or not."""
    large = image_bytes() + bytes(200_000)
    engine = FakeEngine()
    async with front(engine) as client:
        for image in (image_bytes(), large):
            body = b"\xef\xbb\xbf" + json.dumps(chat(image_part(data_uri(image)), extra="data:,")).encode()
            response = await client.post(CHAT, content=body)
            assert response.status_code == 200, response.text
    assert [request.images for request in engine.requests] == [(image_bytes(),), (large,)]


async def test_utf16_is_refused_with_the_fix() -> None:
    async with front() as client:
        response = await client.post(CHAT, content=json.dumps(chat()).encode("utf-16"))
    assert "Out-File -Encoding utf8" in assert_error(response, 400, "invalid_json")


async def test_silent_client_leaves_the_engine_its_defaults() -> None:
    engine = FakeEngine()
    async with front(engine) as client:
        await client.post(CHAT, json=chat(temperature=None, max_tokens=None, n=None, stop=None, stream=None))
    request = engine.requests[0]
    assert (request.temperature, request.max_tokens, request.stop, request.options) == (None, None, (), {})


@pytest.mark.parametrize("fields", [{"max_completion_tokens": 5, "max_tokens": 9}, {"max_tokens": 5}])
async def test_max_tokens(fields: dict[str, int]) -> None:
    engine = FakeEngine()
    async with front(engine) as client:
        await client.post(CHAT, json=chat(**fields))
    assert engine.requests[0].max_tokens == 5


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP"])
async def test_image_formats_whatever_their_media_type(kind: str) -> None:
    if kind == "WEBP" and not features.check("webp"):
        pytest.skip("this Pillow cannot write WebP")
    for media_type in ("image/png", "", "text/plain;charset=x"):
        async with front() as client:
            response = await client.post(CHAT, json=chat(image_part(data_uri(image_bytes(kind), media_type))))
        assert response.status_code == 200, response.text


async def test_models() -> None:
    async with front() as client:
        models = (await client.get("/v1/models")).json()
        model = (await client.get("/v1/models/deepseek-ocr")).json()
        missing = await client.get("/v1/models/gpt-4")
    assert models == {"object": "list", "data": [model]}
    assert model["id"] == "deepseek-ocr"
    assert model["object"] == "model"
    assert_error(missing, 404, "model_not_found")


async def test_request_ids() -> None:
    async with front() as client:
        own = await client.get("/health", headers={"x-request-id": "abc-1"})
        none = await client.get("/health")
        hostile = await client.get("/health", headers={"x-request-id": 'a"\\' + "x" * 500})
    assert own.headers["x-request-id"] == "abc-1"
    assert len(none.headers["x-request-id"]) == 32
    assert len(hostile.headers["x-request-id"]) == 32


async def test_cors_is_off_unless_set() -> None:
    ask = {"origin": "https://app.example", "access-control-request-method": "POST"}
    async with front() as client:
        assert "access-control-allow-origin" not in (await client.options(CHAT, headers=ask)).headers
    async with front(api_key="k", http={"cors_allow_origins": ["https://app.example"]}) as client:
        allowed = await client.options(CHAT, headers=ask)
        other = await client.options(CHAT, headers={**ask, "origin": "https://evil.example"})
        refused = await client.get("/v1/models", headers={"origin": "https://app.example"})
    assert allowed.headers["access-control-allow-origin"] == "https://app.example"
    assert "access-control-allow-origin" not in other.headers
    # A browser shows a script the 401 only where CORS lets it.
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == "https://app.example"
