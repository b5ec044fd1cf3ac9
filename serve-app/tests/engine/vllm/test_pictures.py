"""Pixels are in memory only while a page is prepared, and never more of them than there is room for."""

import asyncio
import dataclasses
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from PIL import Image

from ocr_app.engine.types import EngineRequest, RequestError
from ocr_app.engine.vllm.pictures import Pictures
from ocr_app.engine.vllm.room import Room
from tests.engine.vllm.stand_in import SameProcess, StandIn, answer, engine, request
from tests.until import until

PIXELS = 400 * 800


class Counting(SameProcess):
    """Decodes in this process, and knows how many images are between that and the end of their preparation."""

    def __init__(self) -> None:
        self.now = 0
        self.most = 0

    async def run(self, job: str, data: bytes, args: Any) -> Any:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.001)
        return await super().run(job, data, args)


class Forgetting(StandIn):
    """Keeps the size of a page only, as vLLM's tensors do; tells `children` when it is prepared."""

    children: Counting

    def prepare(self, image: Image.Image, mode: Any, max_tiles: int = 6) -> Any:
        self.children.now -= 1
        return (Image.new("RGB", (1, 1)), mode)


def counted(model: Forgetting, **vllm: Any) -> Any:
    made = engine(model, **vllm)
    model.children = Counting()
    made._children = model.children  # type: ignore[assignment]
    return made


async def read(made: Any, asked: EngineRequest) -> list[Any]:
    return [event async for event in made.generate(asked)]


@pytest.mark.parametrize("stream", [False, True])
async def test_many_pages_keep_to_the_room_and_all_are_read(stream: bool) -> None:
    model = Forgetting(["one two three"])
    made = counted(model, max_pixels_in_flight=2 * PIXELS, preprocess_threads=8, max_num_seqs=8)
    asked = [dataclasses.replace(request(images=8, stream=stream), id=f"chatcmpl-{n}") for n in range(8)]
    answers = await asyncio.gather(*(read(made, one) for one in asked))
    assert all(len(events[-1].extra["pages"]) == 8 for events in answers)
    assert model.children.most == 2
    assert made._pixels.held == 0
    assert made._places.held == 0


async def test_a_page_larger_than_the_room_is_read_alone() -> None:
    model = Forgetting(["one"])
    made = counted(model, max_pixels_in_flight=PIXELS - 1, preprocess_threads=8)
    await read(made, request(images=4))
    assert model.children.most == 1


async def test_no_more_pages_are_prepared_than_vllm_takes_and_the_next_ones() -> None:
    model = Forgetting(["word " * 20], pause_s=0.001)
    most = 0

    class Watching(Forgetting):
        async def generate(self, *args: Any) -> Any:
            nonlocal most
            async for step in super().generate(*args):
                most = max(most, self.running)
                yield step

    model = Watching(["word " * 20], pause_s=0.001)
    made = counted(model, preprocess_threads=1, max_num_seqs=3)
    await asyncio.gather(*(read(made, request(images=4, stream=stream)) for stream in (False, True, True)))
    assert most == 4


async def test_a_retry_decodes_again() -> None:
    loop = "the same words again and again, " * 1_200
    model = Forgetting([loop, "whole"])
    made = counted(model)
    events = await read(made, request())
    assert events[-1].extra["pages"][0]["verdict"] == "repaired"
    assert model.children.most == 1
    assert len(model.calls) == 2


async def test_a_client_that_leaves_frees_its_room_and_its_turn() -> None:
    model = Forgetting(["word " * 1_000], pause_s=0.001)
    made = counted(model, max_pixels_in_flight=PIXELS, max_num_seqs=1, preprocess_threads=1)
    first = asyncio.create_task(read(made, request(images=3)))
    await until(lambda: model.running)
    waiting = asyncio.create_task(read(made, request(images=3)))
    behind = asyncio.create_task(read(made, request(max_tokens=1)))
    await until(lambda: len(made._places._waiting) == 5)
    waiting.cancel()
    first.cancel()
    assert len((await behind)[-1].extra["pages"]) == 1
    await until(lambda: made._places.held == 0 and made._pixels.held == 0)


async def test_the_layout_has_the_size_of_the_upright_image() -> None:
    import io

    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    Image.new("RGB", (800, 400), "white").save(file, "JPEG", exif=exif)
    asked = dataclasses.replace(request("Convert to markdown"), images=(file.getvalue(),))
    _, done, _ = await answer(StandIn(["text"]), asked)
    (page,) = done.extra["layout"]["pages"]
    assert (page["width"], page["height"]) == (400, 800)


@contextmanager
def held_thread() -> Iterator[tuple[ThreadPoolExecutor, threading.Event, threading.Event]]:
    started, go_on = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as threads:
        try:
            yield threads, started, go_on
        finally:
            go_on.set()


async def test_room_is_given_back_when_the_thread_has_let_the_pixels_go() -> None:
    room = Room(PIXELS)
    with held_thread() as (threads, started, go_on):
        pictures = Pictures(request(), SameProcess(), threads, room, max_pixels=10**8)  # type: ignore[arg-type]

        def work(image: Image.Image) -> None:
            started.set()
            go_on.wait()

        task = asyncio.create_task(pictures.use(0, work))
        await until(started.is_set)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert room.held == PIXELS
        go_on.set()
        await until(lambda: room.held == 0)


async def test_a_damaged_image_gives_its_room_back() -> None:
    asked = request()
    cut = dataclasses.replace(asked, images=(asked.images[0][:-40],))
    room = Room(PIXELS)
    with held_thread() as (threads, _, _):
        pictures = Pictures(cut, SameProcess(), threads, room, max_pixels=10**8)  # type: ignore[arg-type]
        with pytest.raises(RequestError, match="damaged or cut off"):
            await pictures.use(0, lambda image: image)
    assert room.held == 0
