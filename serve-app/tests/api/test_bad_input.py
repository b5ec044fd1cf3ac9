"""Each bad input gets its own status, code and field, and reaches no engine."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.api.support import FakeEngine, assert_error, chat, data_uri, front, image_bytes, image_part

CHAT = "/v1/chat/completions"
URL = "messages[0].content[0].image_url.url"


def with_message(message: Any) -> dict[str, Any]:
    return {"model": "deepseek-ocr", "messages": [message]}


BAD: list[tuple[str, Any, int, str, str | None]] = [
    ("not JSON", b"{", 400, "invalid_json", None),
    ("empty", b"", 400, "invalid_json", None),
    ("not UTF-8", b'{"model": "\xff"}', 400, "invalid_json", None),
    ("UTF-16", "\ufeff{}".encode("utf-16-le"), 400, "invalid_json", None),
    ("UTF-16 without a mark", json.dumps(chat()).encode("utf-16-be"), 400, "invalid_json", None),
    ("two byte order marks", b"\xef\xbb\xbf\xef\xbb\xbf{}", 400, "invalid_json", None),
    ("lone surrogate", b'{"model": "\\ud800"}', 400, "invalid_json", None),
    ("deep", b'{"x": ' + b"[" * 5000 + b"]" * 5000 + b"}", 400, "invalid_json", None),
    ("a list", b"[]", 400, "invalid_type", None),
    ("no model", {"messages": []}, 400, "missing_required_parameter", "model"),
    ("other model", chat() | {"model": "gpt-4o"}, 404, "model_not_found", "model"),
    ("no messages", {"model": "deepseek-ocr"}, 400, "missing_required_parameter", "messages"),
    ("empty messages", {"model": "deepseek-ocr", "messages": []}, 400, "invalid_value", "messages"),
    ("messages a string", {"model": "deepseek-ocr", "messages": "hi"}, 400, "invalid_type", "messages"),
    ("role", with_message({"role": "judge", "content": "x"}), 400, "invalid_value", "messages[0].role"),
    ("no content", with_message({"role": "user"}), 400, "missing_required_parameter", "messages[0].content"),
    ("content a number", with_message({"role": "user", "content": 5}), 400, "invalid_type", "messages[0].content"),
    ("no image", with_message({"role": "user", "content": "hi"}), 400, "missing_image", "messages"),
    ("no image part", chat({"type": "text", "text": "hi"}), 400, "missing_image", "messages"),
    ("part a string", chat("hi"), 400, "invalid_type", "messages[0].content[0]"),
    ("part kind", chat({"type": "input_audio"}), 400, "invalid_value", "messages[0].content[0].type"),
    (
        "no url",
        chat({"type": "image_url", "image_url": {}}),
        400,
        "missing_required_parameter",
        URL,
    ),
    (
        "image_url a number",
        chat({"type": "image_url", "image_url": 5}),
        400,
        "invalid_type",
        "messages[0].content[0].image_url",
    ),
    (
        "http URL at the upper level",
        chat({"type": "input_image", "image_url": "https://example.com/a.png"}),
        400,
        "invalid_image_url",
        "messages[0].content[0].image_url",
    ),
    ("http URL", chat(image_part("https://example.com/a.png")), 400, "invalid_image_url", URL),
    ("file URL", chat(image_part("file:///etc/passwd")), 400, "invalid_image_url", URL),
    ("no scheme", chat(image_part("abc")), 400, "invalid_image_url", URL),
    ("no comma", chat(image_part("data:image/png;base64")), 400, "invalid_image_url", URL),
    ("not Base64 at all", chat(image_part("data:image/png,abc")), 400, "invalid_image_url", URL),
    ("bad Base64", chat(image_part("data:image/png;base64,@@@@")), 400, "invalid_base64", URL),
    ("cut Base64", chat(image_part(data_uri()[:-3])), 400, "invalid_base64", URL),
    ("prefix twice", chat(image_part("data:image/png;base64," + data_uri())), 400, "invalid_base64", URL),
    ("bytes as Python prints them", chat(image_part("data:image/png;base64,b'AAAA'")), 400, "invalid_base64", URL),
    ("Base64 alone", chat(image_part(data_uri().partition(",")[2])), 400, "invalid_image_url", URL),
    ("percent-encoded as a whole", chat(image_part(quote(data_uri(), safe=""))), 400, "invalid_image_url", URL),
    ("empty image", chat(image_part("data:image/png;base64,")), 400, "invalid_image", URL),
    ("not an image", chat(image_part(data_uri(b"hello"))), 400, "invalid_image", URL),
    ("a Word file", chat(image_part(data_uri(b"PK\x03\x04 word/"))), 400, "unsupported_image_format", URL),
    ("too many pixels", chat(image_part(data_uri(image_bytes(size=(4000, 2000))))), 413, "image_too_large", URL),
    ("too many bytes", chat(image_part(data_uri(b"\x89PNG" + b"x" * 70_000))), 413, "image_too_large", URL),
    (
        "too many images",
        chat(*[image_part() for _ in range(3)]),
        413,
        "too_many_images",
        "messages[0].content[2].image_url.url",
    ),
    ("n", chat(n=2), 400, "invalid_value", "n"),
    ("n zero", chat(n=0), 400, "invalid_value", "n"),
    ("max_tokens zero", chat(max_tokens=0), 400, "invalid_value", "max_tokens"),
    ("max_tokens negative", chat(max_tokens=-1), 400, "invalid_value", "max_tokens"),
    ("max_tokens absurd", chat(max_tokens=10**12), 400, "invalid_value", "max_tokens"),
    ("max_tokens a string", chat(max_tokens="5"), 400, "invalid_type", "max_tokens"),
    ("max_tokens true", chat(max_tokens=True), 400, "invalid_type", "max_tokens"),
    ("max_completion_tokens", chat(max_completion_tokens=1.5), 400, "invalid_type", "max_completion_tokens"),
    ("temperature", chat(temperature=2.1), 400, "invalid_value", "temperature"),
    ("temperature a string", chat(temperature="0"), 400, "invalid_type", "temperature"),
    ("top_p", chat(top_p=-0.1), 400, "invalid_value", "top_p"),
    ("seed", chat(seed=2**64), 400, "invalid_value", "seed"),
    ("stop empty", chat(stop=""), 400, "invalid_value", "stop"),
    ("stop many", chat(stop=["a"] * 5), 400, "invalid_value", "stop"),
    ("stop item", chat(stop=["a", 1]), 400, "invalid_type", "stop[1]"),
    ("stream a string", chat(stream="yes"), 400, "invalid_type", "stream"),
    ("stream_options", chat(stream_options={"include_usage": 1}), 400, "invalid_type", "stream_options.include_usage"),
    ("huge number in an unknown field", chat(x={"y": [10**30]}), 400, "invalid_value", "x.y[0]"),
]


@pytest.mark.parametrize(("body", "status", "code", "param"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
async def test_bad_input(body: Any, status: int, code: str, param: str | None) -> None:
    engine = FakeEngine()
    limits = {"max_images": 2, "max_image_bytes": 65_536, "max_image_pixels": 5_000_000}
    async with front(engine, limits=limits) as client:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        response = await client.post(CHAT, content=content)
    assert_error(response, status, code)
    assert response.json()["error"]["param"] == param
    assert engine.requests == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("iVBORw0KGgoAAAA=", "put data:image/png;base64, before it"),
        ("/9j/4AAQSkZJRg", "put data:image/png;base64, before it"),
        ("data%3Aimage%2Fpng%3Bbase64%2CAAAA", "percent-encoded"),
        ("data:image%2Fpng%3Bbase64%2CAAAA", "percent-encoded"),
        ("https://example.com/a.png", "fetches nothing"),
        ("JVBERi0xLjQK", "put data:application/pdf;base64, before it"),
        ("JVBERi0xLjQK" + "A" * 20_000, "put data:application/pdf;base64, before it"),
        ("data:image/png;base64,data:image/png;base64,AAAA", "stands there twice"),
        ("data:image/png;base64," + "b'" + "A" * 20_000 + "'", "b64encode"),
    ],
)
async def test_a_wrong_url_is_answered_with_its_fix(url: str, words: str) -> None:
    async with front() as client:
        response = await client.post(CHAT, json=chat(image_part(url)))
    assert words in assert_error(response, 400)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize("field", ["temperature", "top_p", "unknown"])
async def test_numbers_that_are_none(field: str, value: str) -> None:
    body = json.dumps(chat())[:-1] + f', "{field}": {value}}}'
    async with front() as client:
        response = await client.post(CHAT, content=body)
    assert_error(response, 400)
    assert response.json()["error"]["param"] == field


async def test_all_errors_come_together() -> None:
    async with front() as client:
        response = await client.post(CHAT, json=chat(n=2, temperature=9, max_tokens="x"))
    message = assert_error(response, 400, param="max_tokens")
    assert all(field in message for field in ("n: ", "temperature: ", "max_tokens: "))
    assert "'x'" in message


async def test_long_values_are_not_echoed() -> None:
    async with front() as client:
        response = await client.post(CHAT, json=chat(seed="s" * 10_000))
    assert len(response.text) < 1_000


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", CHAT, 405),
        ("DELETE", CHAT, 405),
        ("POST", "/v1/models", 405),
        ("POST", "/", 405),
        ("HEAD", CHAT, 405),
        ("POST", "/v1/completions", 404),
        ("GET", "/v1/chat/completions/", 405),
        ("GET", "/docs/x.js", 404),
        ("GET", "/docs/../auth.py", 404),
        ("GET", "/redoc", 404),
        ("GET", "/health/../nope", 404),
    ],
)
async def test_wrong_method_or_path(method: str, path: str, status: int) -> None:
    async with front() as client:
        response = await client.request(method, path)
    if method == "HEAD":
        assert (response.status_code, response.content) == (status, b"")
    else:
        assert_error(response, status)
    if status == 405:
        assert response.headers["allow"]


async def test_body_over_the_limit_is_not_read() -> None:
    read = 0

    async def chunks() -> Any:
        nonlocal read
        for _ in range(100):
            read += 1
            yield b"x" * 1_000

    async with front(limits={"max_body_bytes": 5_000}) as client:
        declared = await client.post(CHAT, content=b"x" * 5_001)
        chunked = await client.post(CHAT, content=chunks())
    assert_error(declared, 413, "request_too_large")
    assert_error(chunked, 413, "request_too_large")
    assert read <= 7


async def test_crafted_content_length() -> None:
    async with front() as client:
        for value in ("abc", "-1", "²"):
            response = await client.post(CHAT, content=b"{}", headers=[(b"content-length", value.encode())])
            assert response.status_code == 400, value
