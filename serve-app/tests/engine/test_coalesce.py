import asyncio
from collections.abc import AsyncIterator

import pytest

from ocr_app.engine.coalesce import Coalescer, close, pause
from ocr_app.engine.types import Delta, EngineEvent


async def words(count: int, closed: list[bool], error: Exception | None = None) -> AsyncIterator[EngineEvent]:
    try:
        for index in range(count):
            await asyncio.sleep(0)
            yield Delta(str(index))
        if error:
            raise error
    finally:
        closed.append(True)


async def test_everything_comes_in_order_in_fewer_groups() -> None:
    closed: list[bool] = []
    groups = [group async for group in Coalescer().groups(words(200, closed))]
    assert [event for group in groups for event in group] == [Delta(str(index)) for index in range(200)]
    assert len(groups) < 200
    assert closed == [True]


async def test_an_error_comes_after_what_was_said_before() -> None:
    seen: list[EngineEvent] = []

    async def read() -> None:
        async for group in Coalescer().groups(words(3, [], ValueError("broken"))):
            seen.extend(group)

    with pytest.raises(ValueError, match="broken"):
        await read()
    assert len(seen) == 3


async def test_closing_closes_the_source() -> None:
    closed: list[bool] = []
    groups = Coalescer().groups(words(10**9, closed))
    await groups.__anext__()
    await close(groups)
    assert closed == [True]


def test_pause_grows_with_the_number_of_streams() -> None:
    assert pause(1) < 0.002
    assert pause(100) == pytest.approx(0.05)
    assert pause(10_000) == 0.15
