import asyncio

import pytest

from ocr_app.engine.vllm.room import Room


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def taking(room: Room, *amounts: int) -> "list[asyncio.Task[None]]":
    return [asyncio.create_task(room.take(amount)) for amount in amounts]


def done(tasks: "list[asyncio.Task[None]]") -> list[bool]:
    return [task.done() for task in tasks]


async def test_what_fits_is_let_in_and_the_rest_waits_in_order() -> None:
    room = Room(10)
    tasks = taking(room, 6, 6, 3)
    await settle()
    # The third would fit, but nobody overtakes.
    assert done(tasks) == [True, False, False]
    room.give(6)
    await settle()
    assert done(tasks) == [True, True, True]
    assert room.held == 9


async def test_more_than_the_limit_has_the_room_alone() -> None:
    room = Room(10)
    tasks = taking(room, 4, 25, 1)
    await settle()
    assert done(tasks) == [True, False, False]
    room.give(4)
    await settle()
    assert (done(tasks), room.held) == ([True, True, False], 25)
    room.give(25)
    await settle()
    assert (done(tasks), room.held) == ([True, True, True], 1)


async def test_one_that_leaves_lets_those_behind_it_in() -> None:
    room = Room(10)
    tasks = taking(room, 6, 8, 3)
    await settle()
    tasks[1].cancel()
    await settle()
    assert done(tasks) == [True, True, True]
    assert room.held == 9


async def test_one_that_leaves_as_its_turn_comes_gives_it_back() -> None:
    room = Room(10)
    tasks = taking(room, 10, 10, 10)
    await settle()
    room.give(10)
    tasks[1].cancel()
    await settle()
    assert tasks[1].cancelled()
    assert (tasks[2].done(), room.held) == (True, 10)
    room.give(10)
    assert room.held == 0


async def test_one_that_leaves_does_not_hurt_who_gives_back_at_that_moment() -> None:
    room = Room(10)
    tasks = taking(room, 10, 10, 10)
    await settle()
    tasks[1].cancel()
    room.give(10)
    await settle()
    assert tasks[1].cancelled()
    assert (tasks[2].done(), room.held) == (True, 10)


async def test_an_error_gives_back() -> None:
    room = Room(10)
    with pytest.raises(ValueError, match="broken"):
        async with room.taken(10):
            raise ValueError("broken")
    assert room.held == 0
