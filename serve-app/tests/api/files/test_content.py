"""Content on its way to clients that read it slowly or not at all."""

import asyncio
from pathlib import Path

from starlette.types import Message

from tests.api.files.support import files_front, keep, upload
from tests.api.support import eventually
from tests.proxy.support import Answer, http_scope


async def test_what_clients_have_not_read_is_bounded(tmp_path: Path) -> None:
    """Two of the largest size; the next gets 429 until a client has its answer or is gone."""
    files = keep(tmp_path, max_file_bytes=1_024)
    async with files_front(files) as client:
        app = client._transport.app  # type: ignore[attr-defined]
        path = f"/v1/files/{(await upload(client, b'x' * 1_024))['id']}/content"
        small = f"/v1/files/{(await upload(client, b'x'))['id']}/content"
        ended = [asyncio.Event() for _ in range(2)]
        answers = [Answer() for _ in range(2)]

        async def slow(number: int) -> None:
            async def receive() -> Message:
                await ended[number].wait()
                return {"type": "http.disconnect"}

            await app({**http_scope(path), "query_string": b""}, receive, answers[number].send)

        tasks = [asyncio.create_task(slow(number)) for number in range(2)]
        await eventually(lambda: all(len(answer.messages) == 2 for answer in answers))
        # Both have been sent whole, and Serve may hold them still.
        assert files.sending.held == 2_048
        for refused in (path, small):
            response = await client.get(refused)
            assert (response.status_code, response.json()["error"]["code"]) == (429, "overloaded")
            assert response.headers["retry-after"] == "5"
        ended[0].set()
        await tasks[0]
        assert (await client.get(path)).content == b"x" * 1_024
        # A request that is cancelled gives its share back as well.
        tasks[1].cancel()
        await asyncio.wait(tasks)
    assert files.sending.held == 0


async def test_a_file_of_several_pieces(tmp_path: Path) -> None:
    data = bytes(range(256)) * 10_000
    async with files_front(keep(tmp_path)) as client:
        made = await upload(client, data)
        assert (await client.get(f"/v1/files/{made['id']}/content")).content == data
