"""The readers that are not ours, with a program and a server that stand for them."""

import asyncio
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bench.accuracy.pages import Page
from bench.accuracy.readers import Endpoint, ReadError, Tesseract


def picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, kind)
    return buffer.getvalue()


class Server(HTTPServer):
    """An OpenAI API that answers once, and remembers what it was asked."""

    status = 200
    asked: dict[str, Any]
    key: str | None


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self.server.asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.key = self.headers["authorization"]
        message = {"role": "assistant", "content": "# Seen"}
        answer: dict[str, Any] = {"choices": [{"index": 0, "finish_reason": "stop", "message": message}]}
        if self.server.status != 200:
            answer = {"error": {"message": "no such model", "type": "invalid_request_error"}}
        body = json.dumps(answer).encode()
        self.send_response(self.server.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def ask(server: Server, image: bytes) -> str:
    async def read() -> str:
        reader = Endpoint(f"http://127.0.0.1:{server.server_port}", "some-model", "secret-key", "Read it.")
        try:
            return await reader.read(Page("a.png", 1, image))
        finally:
            await reader.close()

    return asyncio.run(read())


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_an_endpoint_gets_the_page_and_the_prompt(server: Server, kind: str) -> None:
    assert ask(server, picture(kind)) == "# Seen"
    assert server.key == "Bearer secret-key"
    assert server.asked["model"] == "some-model"
    image, text = server.asked["messages"][0]["content"]
    assert image["image_url"]["url"].startswith(f"data:image/{kind};base64,")
    assert text == {"type": "text", "text": "Read it."}


def test_what_an_endpoint_refuses_is_said_without_the_key(server: Server) -> None:
    server.status = 404
    with pytest.raises(ReadError, match="no such model") as raised:
        ask(server, picture("png"))
    assert "secret" not in str(raised.value)


def program(folder: Path, script: str) -> None:
    path = folder / "tesseract"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_tesseract_gets_the_page_on_its_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    program(tmp_path, 'echo "$1 $2 $(wc -c)"')
    assert Tesseract.installed()
    words = asyncio.run(Tesseract().read(Page("a.png", 1, b"12345"))).split()
    assert words == ["stdin", "stdout", "5"]


def test_what_tesseract_cannot_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    program(tmp_path, 'cat >/dev/null; echo "not an image" >&2; exit 1')
    with pytest.raises(ReadError, match="not an image"):
        asyncio.run(Tesseract().read(Page("a.png", 1, b"12345")))
