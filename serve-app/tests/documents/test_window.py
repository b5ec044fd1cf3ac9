"""Results come in order, and no more runs than the window lets."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_app.documents.window import in_order


class Jobs:
    """Jobs that take as many turns of the event loop as they are told, and count themselves."""

    def __init__(self, turns: list[int]) -> None:
        self.turns = turns
        self.started = self.running = self.most = 0

    def __iter__(self) -> Iterator[Callable[[], Awaitable[int]]]:
        for number, turns in enumerate(self.turns):
            yield partial(self._run, number, turns)

    async def _run(self, number: int, turns: int) -> int:
        self.started += 1
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            for _ in range(turns):
                await asyncio.sleep(0)
            return number
        finally:
            self.running -= 1


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=40), st.integers(1, 6))
def test_order_and_window(turns: list[int], window: int) -> None:
    jobs = Jobs(turns)
    taken: list[int] = []

    async def run() -> None:
        async for number in in_order(jobs, window):
            taken.append(number)
            assert jobs.started <= len(taken) + 4 * window

    asyncio.run(run())
    assert taken == list(range(len(turns)))
    assert jobs.most <= window


async def test_fast_jobs_do_not_wait_for_a_slow_one() -> None:
    jobs = Jobs([100, *[0] * 20])
    results = in_order(jobs, 2)
    assert await anext(results) == 0
    assert jobs.started == 8
    await results.aclose()  # type: ignore[attr-defined]


async def test_closing_ends_what_runs() -> None:
    jobs = Jobs([0, *[10**9] * 9])
    results = in_order(jobs, 4)
    await anext(results)
    assert jobs.running >= 3
    await results.aclose()  # type: ignore[attr-defined]
    assert jobs.running == 0


async def test_an_error_comes_in_its_turn_and_ends_the_rest() -> None:
    async def fail() -> int:
        raise ValueError("two")

    jobs = Jobs([5, 5, 10**9])
    first, second, third = jobs
    results = in_order([first, second, fail, third], 4)
    assert [await anext(results), await anext(results)] == [0, 1]
    with pytest.raises(ValueError, match="two"):
        await anext(results)
    assert jobs.running == 0
