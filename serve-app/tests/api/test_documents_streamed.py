"""Documents whose pages are streamed, and clients that leave."""

import asyncio
import json
from typing import Any, cast

import openai
import pytest

from ocr_app.documents.opener import Opener
from tests.api.documents import CHAT, PageEngine, events, file_part, reading
from tests.api.support import chat, eventually
from tests.documents import pdfs

pytestmark = pytest.mark.asyncio(loop_scope="module")
THREE = pdfs.pages(3)
SECRET = "hunter2-hunter2"


async def test_a_stream_has_a_chunk_for_each_page(opener: Opener) -> None:
    body = chat(file_part(THREE), stream=True, stream_options={"include_usage": True})
    async with reading(opener, PageEngine().refuse(1)) as client:
        response = await client.post(CHAT, json=body)
    chunks = events(response.text)
    deltas = [chunk["choices"][0]["delta"].get("content") for chunk in chunks[:-1]]
    assert deltas == [
        "",
        "<!-- Page 1: The image is too odd - - for us. -->\n\n---\n\ntext 2",
        "\n\n---\n\ntext 3",
        None,
    ]
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert [page["source_page"] for page in chunks[-2]["ocr"]["pages"]] == [1, 2, 3]
    assert chunks[-1]["usage"]["completion_tokens"] == 6


async def test_openais_client(opener: Opener) -> None:
    async with reading(opener, PageEngine().refuse(2)) as http:
        client = openai.AsyncOpenAI(
            base_url="http://front/v1", api_key="none", http_client=cast(Any, http), max_retries=0
        )
        body: Any = {"model": "deepseek-ocr", "messages": chat(file_part(THREE))["messages"]}
        answer = await client.chat.completions.create(**body, extra_body={"ocr": {"pages": "2-3"}})
        assert answer.choices[0].message.content == "text 1\n\n---\n\n<!-- Page 3: The image is too odd - - for us. -->"
        assert [page["source_page"] for page in answer.ocr["pages"]] == [2, 3]
        stream = await client.chat.completions.create(**body, stream=True)
        pieces = [chunk.choices[0].delta.content async for chunk in stream if chunk.choices]
        assert [piece for piece in pieces if piece] == [
            "text 1",
            "\n\n---\n\n<!-- Page 2: The image is too odd - - for us. -->",
            "\n\n---\n\ntext 3",
        ]
        with pytest.raises(openai.BadRequestError) as caught:
            await client.chat.completions.create(**body, extra_body={"ocr": {"pages": "7"}})
        assert (caught.value.code, caught.value.param) == ("invalid_value", "ocr.pages")
        body["messages"] = chat(file_part(pdfs.encrypted(SECRET)))["messages"]
        with pytest.raises(openai.BadRequestError) as caught:
            await client.chat.completions.create(**body, stream=True)
        assert (caught.value.code, caught.value.param) == ("encrypted_pdf", "ocr.password")


async def test_the_first_page_does_not_wait_for_the_last(opener: Opener) -> None:
    last = asyncio.Event()
    engine = PageEngine(lambda number: last.wait() if number == 3 else None)
    received: list[bytes] = []

    async def send(message: dict[str, Any]) -> None:
        received.append(message.get("body", b""))

    async with reading(opener, engine) as client:
        transport: Any = client._transport
        answering = asyncio.create_task(transport.app(scope(), receive_of(chat(file_part(THREE), stream=True)), send))
        await eventually(lambda: b"text 2" in b"".join(received), 20)
        assert b"text 3" not in b"".join(received)
        last.set()
        await answering
    assert b"text 3" in b"".join(received)


def scope() -> dict[str, Any]:
    return {"type": "http", "method": "POST", "path": CHAT, "headers": [], "query_string": b"", "http_version": "1.1"}


def receive_of(body: Any, left: asyncio.Event | None = None) -> Any:
    """The ASGI callable of a client that sends a body, and leaves at some time or never."""
    sent = False

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if not sent:
            sent = True
            return {"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}
        await (left or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    return receive


@pytest.mark.parametrize("stream", [False, True])
async def test_a_client_that_leaves_frees_everything(opener: Opener, stream: bool) -> None:
    engine = PageEngine(lambda number: asyncio.sleep(600 if number > 2 else 0))
    left = asyncio.Event()

    async def send(message: dict[str, Any]) -> None: ...

    async with reading(opener, engine) as client:
        transport: Any = client._transport
        body = chat(file_part(pdfs.pages(60)), stream=stream)
        answering = asyncio.create_task(transport.app(scope(), receive_of(body, left), send))
        await eventually(lambda: engine.running == 8, 20)
        left.set()
        await answering
        service = transport.app.state.service
        assert (engine.running, service.admission.in_flight, service.bodies.held) == (0, 0, 0)
        assert len(engine.requests) == 10
