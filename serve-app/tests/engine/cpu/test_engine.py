import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from PIL import Image, ImageDraw

from ocr_app.engine.cpu import detection, reader
from ocr_app.engine.cpu.engine import CpuEngine
from ocr_app.engine.give_way import NICENESS
from ocr_app.engine.progress import EngineStuck, Progress
from ocr_app.engine.types import Delta, Done, EngineEvent, EngineRequest, ImagePart, Message, RequestError, TextPart
from ocr_app.settings import LimitSettings, Settings
from tests.engine.hostile_images import HOSTILE_IMAGES
from tests.ocr.layout_schema import LAYOUT_SCHEMA
from tests.until import until
from tools.pages import fonts, plain, texts
from tools.pages.canvas import png

PAGE = png(plain.paragraphs(texts.ENGLISH))


def request(*images: bytes, **options: object) -> EngineRequest:
    params = [f"messages[1].content[{index + 1}].image_url.url" for index in range(len(images))]
    parts: list[TextPart | ImagePart] = [TextPart("Read this."), *map(ImagePart, range(len(images)), params)]
    return EngineRequest("chatcmpl-1", (Message("system", ()), Message("user", tuple(parts))), images, **options)  # type: ignore[arg-type]


def test_constructing_imports_nothing_heavy() -> None:
    code = (
        "import sys; from ocr_app.settings import Settings; from ocr_app.engine.cpu.engine import CpuEngine; "
        "CpuEngine(Settings()); print([m for m in ('cv2', 'onnxruntime', 'numpy', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert done.stdout.strip() == "[]"


async def test_a_page_streams_block_by_block_with_usage() -> None:
    engine = CpuEngine(Settings())
    await engine.start()
    await engine.check_health()
    events = [event async for event in engine.generate(request(PAGE))]
    end = events.pop()
    deltas = [event.text for event in events if isinstance(event, Delta)]
    assert len(deltas) == len(events) == len(texts.ENGLISH)
    assert isinstance(end, Done)
    assert end.usage.prompt_tokens == 4
    assert end.usage.completion_tokens > 100
    assert end.extra["prompt"] == {"rule": "markdown"}
    assert end.extra["pages"][0]["mean_confidence"] > 0.95
    await engine.close()


async def test_the_output_that_is_asked_for_wins_over_words() -> None:
    engine = CpuEngine(Settings())
    await engine.start()
    page = png(plain.table(texts.TABLE, "Before.", "After."))
    words = (Message("user", (ImagePart(0, ""), TextPart("Free OCR."))),)
    for options, markup in ((None, False), ({"output": None}, False), ({"output": "markdown"}, True)):
        asked = EngineRequest("chatcmpl-1", words, (page,), options={"ocr": options})
        text = "".join([event.text async for event in engine.generate(asked) if isinstance(event, Delta)])
        assert ("|" in text) is markup
    await engine.close()


def furnished(number: int, *paragraphs: str) -> bytes:
    """A page with a running head that has no number beside it, and a page number below."""
    text = plain.paragraphs(paragraphs)
    page = Image.new("RGB", (text.width, 900), "white")
    page.paste(text, (0, 50))
    draw = ImageDraw.Draw(page)
    font = fonts.load(fonts.NOTO_SERIF, 22)
    draw.text((plain.MARGIN, 40), "The Parish Records", "black", font)
    draw.text((page.width // 2, page.height - 60), f"Page {number}", "black", font, anchor="ma")
    return png(page)


async def test_furniture_is_left_out_of_markdown_alone_and_listed() -> None:
    engine = CpuEngine(Settings())
    await engine.start()
    pages = [furnished(12, "First.", *texts.ENGLISH), furnished(13, "Second.", texts.LEFT, texts.RIGHT)]

    async def answer(words: str, furniture: str | None, *images: bytes) -> tuple[list[str], list[list[dict[str, Any]]]]:
        parts: list[TextPart | ImagePart] = [TextPart(words), *(ImagePart(index, "") for index in range(len(images)))]
        options = {"ocr": {"furniture": furniture}}
        asked = EngineRequest("chatcmpl-1", (Message("user", tuple(parts)),), images, options=options)
        *deltas, end = [event async for event in engine.generate(asked)]
        assert isinstance(end, Done)
        text = "".join(event.text for event in deltas if isinstance(event, Delta))
        return text.split("\n\n---\n\n"), [page["furniture"] for page in end.extra["pages"]]

    (first, second), (of_first, of_second) = await answer("Read this.", None, *pages)
    # The layout model sees it, or it is seen again.
    assert first.startswith("First.")
    assert second.startswith("Second.")
    assert [(piece["kind"], piece["text"]) for piece in of_first] == [
        ("head", "The Parish Records"),
        ("page_number", "Page 12"),
    ]
    assert [(piece["kind"], piece["text"]) for piece in of_second] == [
        ("head", "The Parish Records"),
        ("page_number", "Page 13"),
    ]
    left, top, right, bottom = of_second[0]["box"]
    assert abs(left - plain.MARGIN) < 10
    assert 30 < top < bottom < 90
    assert left < right < 500
    for words, furniture in (("Free OCR.", None), ("Read this.", "keep")):
        (first,), listed = await answer(words, furniture, pages[0])
        assert listed == [[]]
        assert first.startswith("The Parish Records\n\nFirst.")
        assert first.endswith("\n\nPage 12")
    (first,), listed = await answer("Free OCR.", "drop", pages[0])
    assert "Page 12" not in first
    assert listed == [of_first]
    await engine.close()


async def test_the_layout_is_beside_markdown_or_is_the_answer() -> None:
    engine = CpuEngine(Settings())
    await engine.start()
    page = png(plain.table(texts.TABLE, "Before.", "After."))
    *deltas, end = [event async for event in engine.generate(request(page))]
    assert isinstance(end, Done)
    jsonschema.validate(end.extra["layout"], LAYOUT_SCHEMA)
    *deltas, end = [
        event async for event in engine.generate(request(page, page, options={"ocr": {"output": "layout"}}))
    ]
    answer = json.loads("".join(event.text for event in deltas if isinstance(event, Delta)))
    jsonschema.validate(answer, LAYOUT_SCHEMA)
    assert isinstance(end, Done)
    assert "layout" not in end.extra
    assert end.extra["prompt"] == {"rule": "layout"}
    assert [[block["label"] for block in page["blocks"]] for page in answer["pages"]] == [["text", "table", "text"]] * 2
    width, height = plain.table(texts.TABLE, "Before.", "After.").size
    for index, read in enumerate(answer["pages"]):
        assert (read["index"], read["width"], read["height"]) == (index, width, height)
        tops = [block["boxes"][0][1] for block in read["blocks"]]
        assert tops == sorted(tops)
    assert answer["pages"][0]["blocks"][1]["text"].startswith("<table><tr><td>")
    await engine.close()


async def test_lines_are_listed_on_request_from_top_to_bottom() -> None:
    engine = CpuEngine(Settings())
    await engine.start()
    page = plain.paragraphs(["The library opens at nine.", "Please do not talk."])
    for asked in (True, False):
        *_, end = [event async for event in engine.generate(request(png(page), options={"ocr": {"lines": asked}}))]
        assert isinstance(end, Done)
        (report,) = end.extra["pages"]
        assert ("lines" in report) is asked
    *_, end = [event async for event in engine.generate(request(png(page), options={"ocr": {"lines": True}}))]
    assert isinstance(end, Done)
    first, second = end.extra["pages"][0]["lines"]
    assert (first["text"], second["text"]) == ("The library opens at nine.", "Please do not talk.")
    assert first["confidence"] > 0.9
    left, top, right, bottom = first["box"]
    assert abs(left - plain.MARGIN) < 10
    assert left + 100 < right < page.width
    assert top < bottom <= second["box"][1] + 5
    await engine.close()


async def test_what_computes_gives_way_to_what_answers() -> None:
    engine = CpuEngine(Settings())
    await engine.start()
    [event async for event in engine.generate(request(PAGE))]
    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    computing = [thread.native_id for thread in threading.enumerate() if thread.name.startswith(("page", "lines"))]
    assert len(computing) > 1
    for thread in computing:
        assert thread is not None
        assert os.getpriority(os.PRIO_PROCESS, thread) == min(19, own + NICENESS)
    await engine.close()


def with_lines_below(image: Image.Image, *lines: str) -> Image.Image:
    below = plain.paragraphs(lines)
    page = Image.new("RGB", (max(image.width, below.width), image.height + below.height), "white")
    page.paste(image)
    page.paste(below, (0, image.height))
    return page


@pytest.mark.parametrize("script", ["cyrillic", "korean"])
async def test_lines_that_were_found_and_not_read_are_counted(script: str) -> None:
    lines = Image.open(Path(__file__).parent / "images" / f"{script}.png").convert("RGB")  # two of them
    read = ["The library opens at nine in the morning.", "Please do not talk."]
    engine = CpuEngine(Settings())
    await engine.start()
    seen = []
    for page in (plain.blank(), plain.paragraphs(read), lines, with_lines_below(lines, *read)):
        *_, end = [event async for event in engine.generate(request(png(page)))]
        assert isinstance(end, Done)
        (report,) = end.extra["pages"]
        assert report["incomplete_lines"] == 0
        seen.append((report["verdict"], report["line_count"], report["unread_lines"]))
    assert seen == [("ok", 0, 0), ("ok", 2, 0), ("unread", 0, 2), ("unread", 2, 2)]
    await engine.close()


async def test_lines_that_lost_letters_are_counted() -> None:
    lines = Image.open(Path(__file__).parent / "images" / "vietnamese.png").convert("RGB")  # two of them
    read = ["The library opens at nine in the morning.", "Please do not talk."]
    up = Image.new("RGB", (1000, 1000), "white")
    up.paste(plain.paragraphs(read * 2))
    up.paste(lines.rotate(90, expand=True), (780, 200))
    engine = CpuEngine(Settings())
    await engine.start()
    for page, count in ((lines, 2), (with_lines_below(lines, *read), 4), (up, 6)):
        *deltas, end = [event async for event in engine.generate(request(png(page)))]
        assert isinstance(end, Done)
        (report,) = end.extra["pages"]
        seen = (report["verdict"], report["line_count"], report["unread_lines"], report["incomplete_lines"])
        assert seen == ("unread", count, 0, 2), deltas
    await engine.close()


async def test_bad_images_name_their_field_and_an_abandoned_page_frees_the_engine() -> None:
    engine = CpuEngine(Settings())
    await engine.start()
    with pytest.raises(RequestError, match="not an image") as error:
        [event async for event in engine.generate(request(PAGE[:0] + b"hello"))]
    assert error.value.param == "messages[1].content[1].image_url.url"

    async def abandoned() -> None:
        [event async for event in engine.generate(request(*[PAGE] * 5))]

    task = asyncio.create_task(abandoned())
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    # The next request gets its turn after the stage that was running, not after five pages.
    events = [event async for event in engine.generate(request(png(plain.blank())))]
    assert [type(event) for event in events] == [Done]
    await engine.close()


async def test_a_client_that_leaves_a_slow_decoder_frees_the_engine_at_once() -> None:
    # The decoder alone would take 15 s of CPU time, and may.
    engine = CpuEngine(Settings(limits=LimitSettings(decode_cpu_s=600)))
    await engine.start()
    children = engine._children
    before = children.process_ids
    slow = [asyncio.create_task(_all(engine, HOSTILE_IMAGES["jpeg_100_scans_of_arithmetic_code"]())) for _ in range(3)]
    await until(lambda: children._turns.locked())
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    assert len(set(before) - set(children.process_ids)) == 1
    assert isinstance((await _all(engine, png(plain.blank())))[-1], Done)
    await engine.close()


async def test_health_fails_while_a_stage_is_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = CpuEngine(Settings())
    await engine.start()
    reached, go_on = threading.Event(), threading.Event()

    def stuck(*args: object) -> None:
        reached.set()
        go_on.wait(60)
        raise reader.Cancelled

    monkeypatch.setattr(detection, "detect", stuck)
    now = 0.0
    engine._progress = Progress(stuck_after_s=100, clock=lambda: now)
    task = asyncio.create_task(_all(engine, PAGE))
    await until(reached.is_set)
    await engine.check_health()
    now += 101
    with pytest.raises(EngineStuck, match="no step"):
        await engine.check_health()
    # Nothing changes if the client gives up.
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    with pytest.raises(EngineStuck, match="no step"):
        await engine.check_health()
    go_on.set()
    await engine.close()


async def _all(engine: CpuEngine, *images: bytes) -> list[EngineEvent]:
    return [event async for event in engine.generate(request(*images))]


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare, to take the network away")
def test_no_network_is_needed() -> None:
    code = (
        "import asyncio; from ocr_app.engine.cpu.engine import CpuEngine; from ocr_app.settings import Settings; "
        "asyncio.run(CpuEngine(Settings()).start()); print('started')"
    )
    command = [shutil.which("unshare") or "", "--net", "--map-root-user", sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own code
    if "unshare" in done.stderr:
        pytest.skip(f"this machine does not let us take the network away: {done.stderr.strip()}")
    assert done.stdout.strip() == "started", done.stderr
