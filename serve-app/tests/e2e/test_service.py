"""The service as its clients meet it: HTTP, Serve's proxy, the Api, and engine replicas that come and go."""

import asyncio
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from tests.api.support import chat, data_uri, image_bytes, image_part
from tests.e2e.service import AppUnderTest, wait_for

REPOSITORY = Path(__file__).parents[3]


async def post_many(url: str, count: int, max_tokens: int, stream_every: int = 4) -> list[httpx.Response]:
    limits = httpx.Limits(max_connections=count)
    async with httpx.AsyncClient(timeout=90, limits=limits) as client:
        bodies = [chat(max_tokens=max_tokens, stream=index % stream_every == 0) for index in range(count)]
        return list(await asyncio.gather(*(client.post(url, json=body) for body in bodies)))


def assert_all_answered(responses: list[httpx.Response], max_tokens: int) -> None:
    last = f"word{max_tokens - 1} "
    lost = [r.text[:200] for r in responses if r.status_code != 200 or last not in r.text or '"error"' in r.text]
    assert lost == []


def test_asking_wakes_nothing_and_a_request_does(main: AppUnderTest, http: httpx.Client) -> None:
    for _ in range(5):
        assert main.engine_state() == "asleep"
        assert http.get(f"{main.url}/v1/models").status_code == 200
        assert http.post(main.chat, json={"model": "deepseek-ocr", "messages": []}).status_code == 400
        assert http.get(f"{main.url}/metrics").status_code == 200
    time.sleep(3)
    assert main.engine_state() == "asleep"
    assert main.pids("Engine") == []
    started = time.monotonic()
    response = http.post(main.chat, json=chat(max_tokens=2))
    print(f"0→1 in {time.monotonic() - started:.1f} s")
    assert response.status_code == 200, response.text
    assert response.json()["choices"][0]["message"]["content"] == "word0 word1 "
    wait_for(lambda: main.engine_state() == "ready", 5, "ready")
    assert "ocr_cold_start_seconds_count 1.0" in http.get(f"{main.url}/metrics").text


def test_openai_python_client(main: AppUnderTest) -> None:
    client = openai.OpenAI(base_url=f"{main.url}/v1", api_key="none", max_retries=0)
    assert [model.id for model in client.models.list()] == ["deepseek-ocr"]
    assert client.models.retrieve("deepseek-ocr").id == "deepseek-ocr"
    messages = chat()["messages"]
    answer = client.chat.completions.create(model="deepseek-ocr", messages=messages, max_tokens=3, temperature=0)
    assert answer.choices[0].message.content == "word0 word1 word2 "
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 3
    stream = client.chat.completions.create(
        model="deepseek-ocr", messages=messages, max_tokens=5, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == "word0 word1 word2 word3 word4 "
    assert chunks[-1].usage is not None
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="gpt-4o", messages=messages)
    remote: Any = [{"role": "user", "content": [image_part("http://x/y.png")]}]
    with pytest.raises(openai.BadRequestError, match="Only data URIs"):
        client.chat.completions.create(model="deepseek-ocr", messages=remote)


def test_openai_node_client(main: AppUnderTest) -> None:
    node = shutil.which("node")
    if node is None or not (REPOSITORY / "node_modules" / "openai").is_dir():
        pytest.skip("Node or its openai package is not installed (npm install)")
    script = Path(__file__).with_name("node_client.mjs")
    done = subprocess.run(  # noqa: S603 - our own script
        [node, script, f"{main.url}/v1", data_uri()], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["text"] == "word0 word1 word2 "
    assert result["streamed"] == "word0 word1 word2 "
    assert result["usage"] == 3
    assert result["error"] == {"status": 400, "code": "missing_image", "param": "messages"}


def test_200_at_once(main: AppUnderTest) -> None:
    assert_all_answered(asyncio.run(post_many(main.chat, 200, max_tokens=5)), 5)


def test_killed_engine_replica_loses_no_request(main: AppUnderTest) -> None:
    async def attack() -> list[httpx.Response]:
        # Streams among them have sent nothing yet only if they still queue, so here all are unary.
        requests = asyncio.ensure_future(post_many(main.chat, 20, max_tokens=200, stream_every=1_000))
        await asyncio.to_thread(wait_for, lambda: engine_requests(main) >= 10, 20, "the engine works on them")
        for pid in main.pids("Engine"):
            os.kill(pid, signal.SIGKILL)
        return await requests

    main_awake(main)
    assert_all_answered(asyncio.run(attack())[1:], 200)
    assert "ocr_engine_retries_total 0.0" not in httpx.get(f"{main.url}/metrics").text


def main_awake(main: AppUnderTest) -> None:
    assert httpx.post(main.chat, json=chat(max_tokens=1), timeout=60).status_code == 200


def engine_requests(main: AppUnderTest) -> int:
    """How many requests the one engine replica works on, by its own count."""

    async def ask() -> int:
        from ray import serve

        running: int = await serve.get_deployment_handle("Engine", main.name).running.remote()
        return running

    return asyncio.run_coroutine_threadsafe(ask(), handle_loop()).result(30)


@functools.cache
def handle_loop() -> asyncio.AbstractEventLoop:
    """A loop that outlives every call, as Serve's handles need one."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop


@pytest.mark.parametrize("stream", [False, True])
def test_client_that_leaves_frees_the_engine(main: AppUnderTest, stream: bool) -> None:
    main_awake(main)
    body = chat(max_tokens=1_500, stream=stream)
    with socket.create_connection(("127.0.0.1", httpx.URL(main.url).port or 80)) as connection:
        content = json.dumps(body).encode()
        head = f"POST {httpx.URL(main.chat).path} HTTP/1.1\r\nhost: x\r\ncontent-length: {len(content)}\r\n\r\n"
        connection.sendall(head.encode() + content)
        wait_for(lambda: engine_requests(main) == 1, 20, "the engine works on it")
        if stream:
            assert b"200 OK" in connection.recv(4096)
    wait_for(lambda: main.health()["queue"]["in_flight"] == 0, 10, "the Api's slot is free")
    wait_for(lambda: engine_requests(main) == 0, 10, "the engine works on nothing")
    assert 'outcome="disconnected"} 0.0' not in httpx.get(f"{main.url}/metrics").text


def test_bodies_of_every_size(main: AppUnderTest, http: httpx.Client) -> None:
    main_awake(main)
    for megabytes in (1, 6, 14):
        body = chat(image_part(data_uri(image_bytes() + os.urandom(megabytes * 2**20))), max_tokens=1)
        assert http.post(main.chat, json=body).status_code == 200, f"{megabytes} MiB"
    refused = http.post(main.chat, content=b"x" * (33 * 2**20))
    assert refused.status_code == 413
    assert refused.json()["error"]["code"] == "request_too_large"


def test_engine_that_cannot_start(failing: AppUnderTest, http: httpx.Client) -> None:
    started = time.monotonic()
    for stream in (False, True):
        response = http.post(failing.chat, json=chat(stream=stream))
        if response.status_code == 200:  # the stream had begun, with keep-alives
            assert "no GPU was found" in response.text
        else:
            assert response.status_code == 503
            assert response.json()["error"]["message"] == "The engine cannot start: no GPU was found."
            assert response.headers["retry-after"] == "10"
    assert time.monotonic() - started < 30
    health = failing.health()
    assert (health["status"], health["engine"]["state"]) == ("failed", "failed")
    assert health["engine"]["reason"] == "no GPU was found"
    assert "Traceback" not in json.dumps(health)


def test_killed_api_comes_back(main: AppUnderTest) -> None:
    (pid,) = main.pids("Api")
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: main.health()["status"] == "ok" and main.pids("Api") != [pid], 40, "the Api is back")
    wait_for(lambda: httpx.post(main.chat, json=chat(max_tokens=1), timeout=30).status_code == 200, 30, "it answers")


def test_back_to_zero(main: AppUnderTest) -> None:
    main_awake(main)
    wait_for(lambda: main.engine_state() == "asleep" and main.pids("Engine") == [], 40, "asleep again")
    main_awake(main)
