"""gzip bodies: what they hold is read and counted as if it had come as it is, and no bomb is inflated."""

import asyncio
import gzip
import json
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.api import inflate as module
from ocr_app.api.budget import ByteBudget
from ocr_app.api.errors import ApiError
from ocr_app.api.inflate import inflate, is_gzip
from tests.api.support import FakeEngine, assert_error, chat, data_uri, front, image_bytes, image_part

CHAT = "/v1/chat/completions"
GZIP = {"content-encoding": "gzip"}


async def inflated(body: bytes, limit: int = 10**8, budget: ByteBudget | None = None) -> bytes:
    with (budget or ByteBudget(10**9, 1)).lease() as lease:
        return await inflate(body, limit=limit, room=lease)


@given(st.lists(st.binary(max_size=2_000), min_size=1, max_size=4), st.integers(1, 50), st.integers(1, 50))
def test_any_content_in_any_number_of_members(members: list[bytes], piece: int, given_bytes: int) -> None:
    body = b"".join(gzip.compress(member) for member in members)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PIECE_BYTES", piece)
        patch.setattr(module, "_INPUT_BYTES", given_bytes)
        assert asyncio.run(inflated(body)) == b"".join(members)
        for cut in {0, 1, len(body) // 2, len(body) - 1} - {len(gzip.compress(members[0]))}:
            if not _ends_a_member(body[:cut], members):
                with pytest.raises(ApiError, match="ends too early"):
                    asyncio.run(inflated(body[:cut]))


def _ends_a_member(body: bytes, members: list[bytes]) -> bool:
    ends = 0
    for member in members:
        ends += len(gzip.compress(member))
        if len(body) == ends:
            return True
    return False


async def test_a_request() -> None:
    engine = FakeEngine()
    image = image_bytes() + bytes(300_000)
    body = gzip.compress(json.dumps(chat(image_part(data_uri(image)))).encode())
    async with front(engine) as client:
        for name in ("gzip", "GZIP", "x-gzip", "identity, gzip"):
            response = await client.post(CHAT, content=body, headers={"content-encoding": name})
            assert response.status_code == 200, response.text
        as_it_is = await client.post(CHAT, json=chat(), headers={"content-encoding": "identity"})
    assert as_it_is.status_code == 200
    assert engine.requests[0].images == (image,)


@pytest.mark.parametrize("given_name", ["br", "deflate", "zstd", "gzip, gzip", "x" * 5_000])
async def test_other_encodings_are_named(given_name: str) -> None:
    async with front() as client:
        response = await client.post(CHAT, json=chat(), headers={"content-encoding": given_name})
    message = assert_error(response, 415, "unsupported_encoding")
    assert "gzip, identity" in message
    assert len(message) < 300
    assert response.headers["accept-encoding"] == "gzip, identity"


def test_the_header_alone_decides() -> None:
    assert not is_gzip([])
    assert not is_gzip([(b"content-encoding", b"")])
    assert is_gzip([(b"Content-Encoding", b"gzip")])
    with pytest.raises(ApiError):
        is_gzip([(b"content-encoding", b"gzip"), (b"content-encoding", b"gzip")])


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"\x1f\x8b", gzip.compress(b"{}")[:-1], gzip.compress(b"{}") + b"{}", zlib.compress(b"{}")],
    ids=["empty", "JSON", "two bytes", "cut off", "more after it", "zlib"],
)
async def test_what_is_not_gzip(body: bytes) -> None:
    async with front() as client:
        response = await client.post(CHAT, content=body, headers=GZIP)
    assert "Content-Encoding" in assert_error(response, 400, "invalid_gzip")


async def test_a_wrong_checksum() -> None:
    body = bytearray(gzip.compress(b"{}" * 500))
    body[-6] ^= 1
    with pytest.raises(ApiError, match="not valid gzip"):
        await inflated(bytes(body))


async def test_a_bomb_is_not_inflated() -> None:
    bomb = gzip.compress(bytes(300 * 2**20), compresslevel=9)
    tracemalloc.start()
    try:
        async with front(limits={"max_body_bytes": 4 * 2**20}) as client:
            tracemalloc.reset_peak()
            response = await client.post(CHAT, content=bomb, headers=GZIP)
            peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "decompressed" in assert_error(response, 413, "request_too_large")
    assert peak < 16 * 2**20


async def test_the_limit_is_exact() -> None:
    body = gzip.compress(bytes(5_000))
    assert len(await inflated(body, limit=5_000)) == 5_000
    with pytest.raises(ApiError) as caught:
        await inflated(body, limit=4_999)
    assert caught.value.status == 413


async def test_what_comes_out_counts_among_the_bytes_in_flight() -> None:
    budget = ByteBudget(6_000, 1)
    with pytest.raises(ApiError) as caught:
        await inflated(gzip.compress(bytes(7_000)), budget=budget)
    assert caught.value.status == 429
    assert budget.held == 0


async def test_empty_members_by_the_thousand_end() -> None:
    with pytest.raises(ApiError, match="members"):
        await inflated(gzip.compress(b"") * 2_000)
    assert await inflated(gzip.compress(b"") * 1_024) == b""


SLOW = {
    "zeros": gzip.compress(bytes(64 * 2**20)),
    "members": gzip.compress(b"") * 300_000,
    "blocks without content": gzip.compress(b"")[:10] + b"\x00\x00\x00\xff\xff" * 1_000_000,
}


@pytest.mark.parametrize("body", SLOW.values(), ids=SLOW)
async def test_others_have_their_turn_meanwhile(body: bytes) -> None:
    work = asyncio.ensure_future(inflated(body))
    turns = 0
    while not work.done():
        await asyncio.sleep(0)
        turns += 1
    await asyncio.wait([work])
    assert isinstance(work.exception(), ApiError | None)
    assert turns > 50
