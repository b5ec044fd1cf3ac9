"""The engine's logic without vLLM: a stand-in plays the model's part."""

import asyncio
import dataclasses
import io
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from PIL import Image

from ocr_app.engine.progress import EngineStuck, Progress
from ocr_app.engine.types import Done, EngineRequest, ImagePart, Message, RequestError, TextPart
from ocr_app.engine.vllm.engine import VllmEngine
from ocr_app.engine.vllm.pages import plan_jobs
from ocr_app.ocr.prompt_choice import choose
from ocr_app.settings import Settings, VllmEngineSettings
from tests.engine.vllm.stand_in import StandIn, Step, answer, engine, request
from tests.ocr.layout_schema import LAYOUT_SCHEMA
from tests.until import until

LOOP = "the same words again and again, " * 60
PAGE = "<|ref|>title<|/ref|><|det|>[[0, 0, 999, 500]]<|/det|>\n# Hi\n\n"
CLEAN = "# Hi"


async def test_a_silent_client_gets_the_defaults() -> None:
    model = StandIn(["hello"])
    text, done, _ = await answer(model, request("Extract all text from this document"))
    (call,) = model.calls
    assert text == "hello"
    assert call.text == "Free OCR."
    assert call.fields == {
        "skip_special_tokens": False,
        "temperature": 0.0,
        "vllm_xargs": {"ngram_size": 30, "window_size": 90, "whitelist_token_ids": [128821, 128822]},
        "max_tokens": None,
        "stop": [],
        "stream_interval": 16,
    }
    assert done.finish_reason == "stop"
    assert (done.usage.prompt_tokens, done.usage.completion_tokens) == (7, 1)
    assert done.extra["prompt"] == {"text": "Free OCR.", "rule": "text"}
    assert done.extra["pages"][0]["verdict"] == "ok"


async def test_the_clients_own_values_win() -> None:
    model = StandIn(["hello"])
    options = {
        "skip_special_tokens": True,
        "vllm_xargs": {"ngram_size": 5},
        "top_p": 0.5,
        "mm_processor_kwargs": {"x": 1},
    }
    await answer(model, request(temperature=0.7, seed=3, max_tokens=99, stop=("x",), options=options))
    fields = model.calls[0].fields
    assert fields["skip_special_tokens"] is True
    assert fields["vllm_xargs"]["ngram_size"] == 5
    assert (fields["temperature"], fields["seed"], fields["max_tokens"], fields["stop"]) == (0.7, 3, 99, ["x"])
    assert fields["top_p"] == 0.5
    assert "mm_processor_kwargs" not in fields


async def test_wrong_values_are_the_clients_mistake() -> None:
    with pytest.raises(RequestError, match="whitelist_token_ids"):
        await answer(StandIn([""]), request(options={"vllm_xargs": {"whitelist_token_ids": ["x"]}}))
    with pytest.raises(RequestError, match=r"ocr\.mode"):
        await answer(StandIn([""], has_modes=False), request(options={"ocr": {"mode": "tiny"}}))


async def test_a_damaged_image_names_its_field() -> None:
    asked = request(images=2)
    damaged = dataclasses.replace(asked, images=(asked.images[0], asked.images[1][:-40]))
    model = StandIn(["hello"])
    with pytest.raises(RequestError, match="damaged or cut off") as caught:
        await answer(model, damaged)
    assert (caught.value.param, caught.value.code) == ("messages[0].content[1].image_url.url", "invalid_image")
    assert model.running == 0


async def test_a_damaged_image_ends_the_request_while_an_earlier_page_is_read() -> None:
    asked = request(images=2)
    damaged = dataclasses.replace(asked, images=(asked.images[0], asked.images[1][:-40]))
    with pytest.raises(RequestError, match="damaged or cut off"):
        await asyncio.wait_for(answer(StandIn(["never"], pause_s=600), damaged), 30)


async def test_pages_of_a_file_are_pages_of_the_answer() -> None:
    buffer = io.BytesIO()
    sizes = [(300, 200), (200, 100), (100, 400)]
    first, *rest = [Image.new("L", size, "white") for size in sizes]
    first.save(buffer, "TIFF", save_all=True, append_images=rest)
    param = "messages[0].content[0].image_url.url"
    for words in ("Read", "<image>\nFree OCR."):
        parts: list[TextPart | ImagePart] = [*(ImagePart(0, param, page) for page in range(3)), TextPart(words)]
        asked = EngineRequest("chatcmpl-1", (Message("user", tuple(parts)),), (buffer.getvalue(),))
        model = StandIn(["one", "two", "three"])
        text, done, _ = await answer(model, asked, page_separator="|", preprocess_threads=1)
        assert text == "one|two|three"
        assert [call.size for call in model.calls] == sizes
        assert [page["images"] for page in done.extra["pages"]] == [[0], [1], [2]]


async def test_pages_come_in_order_with_usage_added_up() -> None:
    model = StandIn(["one one one", "two", "three"], pause_s=0.001)
    # With one thread the pages reach the model in their order.
    settings = {"page_separator": "|", "preprocess_threads": 1}
    text, done, events = await answer(model, request(images=3, stream=True), **settings)
    assert text == "one one one|two|three"
    assert len(events) > 5
    assert (done.usage.prompt_tokens, done.usage.completion_tokens) == (21, 5)
    assert [page["images"] for page in done.extra["pages"]] == [[0], [1], [2]]
    assert len({call.request_id for call in model.calls}) == 3


async def test_max_tokens_truncate() -> None:
    text, done, _ = await answer(StandIn(["a b c"]), request(max_tokens=2))
    assert (text, done.finish_reason) == ("a b ", "length")
    assert done.extra["pages"][0]["verdict"] == "truncated"


async def test_a_streamed_loop_is_stopped() -> None:
    model = StandIn(["Begin. " + LOOP * 20])
    text, done, _ = await answer(model, request(stream=True))
    assert 2_000 < len(text) < 2_700
    assert done.finish_reason == "length"
    (page,) = done.extra["pages"]
    assert page["verdict"] == "looped"
    assert page["loop"]["kind"] == "repeat"
    assert page["dropped_chars"] == 0
    assert len(model.calls) == 1
    assert model.running == 0


async def test_the_ladder_repairs_a_loop() -> None:
    model = StandIn([LOOP * 20, LOOP * 20, "whole"])
    text, done, _ = await answer(model, request())
    assert text == "whole\n\nwhole"
    assert done.finish_reason == "stop"
    (page,) = done.extra["pages"]
    assert page["verdict"] == "repaired"
    assert [(tried["name"], tried["looped"]) for tried in page["attempts"]] == [
        ("first", True),
        ("mode", True),
        ("halves", False),
    ]
    assert [call.mode for call in model.calls] == ["gundam", "base", "gundam", "gundam"]
    # Another view is enough of a difference: no guard that forbids what a page must repeat, no luck.
    assert {call.fields["temperature"] for call in model.calls} == {0.0}
    assert {call.fields["vllm_xargs"]["ngram_size"] for call in model.calls} == {30}
    assert {call.fields["vllm_xargs"]["window_size"] for call in model.calls} == {90}


async def test_a_page_whose_shape_allows_it_gets_more_tiles_before_halves() -> None:
    model = StandIn([LOOP * 20, LOOP * 20, "whole"])
    _, done, _ = await answer(model, request(size=(800, 800)))
    assert [call.mode for call in model.calls] == ["gundam", "base", "gundam, 9 tiles"]
    assert [tried["name"] for tried in done.extra["pages"][0]["attempts"]] == ["first", "mode", "tiles"]


@pytest.mark.parametrize(
    ("size", "names"), [((800, 200), ["first", "mode", "halves"]), ((200, 800), ["first", "mode"])]
)
async def test_the_attempts_at_a_turned_page_are_those_of_the_upright_one(
    size: tuple[int, int], names: list[str]
) -> None:
    _, done, _ = await answer(StandIn([LOOP * 20]), request(size=size, turned=True))
    assert [tried["name"] for tried in done.extra["pages"][0]["attempts"]] == names


@pytest.mark.parametrize("stream", [False, True])
async def test_the_layout_of_a_turned_page_is_that_of_the_upright_one(stream: bool) -> None:
    asked = request("Convert to markdown", size=(800, 400), turned=True, stream=stream)
    text, _, _ = await answer(StandIn([PAGE]), dataclasses.replace(asked, options={"ocr": {"output": "layout"}}))
    (page,) = json.loads(text)["pages"]
    assert (page["width"], page["height"], page["blocks"][0]["boxes"]) == (400, 800, [[0, 0, 400, 401]])


async def test_a_model_without_modes_gets_its_own_guard() -> None:
    model = StandIn([LOOP * 20, "whole"], has_modes=False)
    _, done, _ = await answer(model, request())
    assert [tried["name"] for tried in done.extra["pages"][0]["attempts"]] == ["first", "guard"]
    assert model.calls[1].fields["temperature"] == 0.2
    assert model.calls[1].fields["vllm_xargs"] == {
        "ngram_size": 20, "window_size": 90, "whitelist_token_ids": [128821, 128822],
    }  # fmt: skip


async def test_a_view_that_does_not_fit_is_left_out() -> None:
    class Small(StandIn):
        async def generate(self, request_id: str, messages: Any, fields: Any) -> AsyncIterator[Step]:
            async for step in super().generate(request_id, messages, fields):
                if self.calls[-1].mode == "gundam":
                    raise RequestError("too long", code="context_length_exceeded")
                yield step

    model = Small([LOOP * 20, "whole"])
    _, done, _ = await answer(model, request(options={"ocr": {"mode": "base"}}))
    assert [call.mode for call in model.calls] == ["base", "gundam", "gundam"]
    assert done.extra["pages"][0]["verdict"] == "looped"
    with pytest.raises(RequestError):
        await answer(Small(["whole"]), request(options={"ocr": {"mode": "gundam"}}))


FORM = "<tr><td>n/a </td><td>n/a </td><td></td></tr>\n"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    "page", [FORM * 150, LOOP.replace(" ", "_") * 20], ids=["a form", "all of it in the last step"]
)
async def test_a_page_that_ended_itself_is_no_loop(page: str, stream: bool) -> None:
    model = StandIn([page])
    text, done, _ = await answer(model, request(stream=stream))
    assert text == page
    (report,) = done.extra["pages"]
    assert (report["verdict"], len(report["attempts"])) == ("ok", 1)
    assert "loop" not in report


async def test_a_loop_that_max_tokens_cut_off_is_tried_again() -> None:
    model = StandIn([LOOP, "whole"])
    text, done, _ = await answer(model, request(max_tokens=300))
    assert text == "whole"
    assert done.extra["pages"][0]["verdict"] == "repaired"


async def test_a_form_that_max_tokens_cut_off_is_not_tried_again() -> None:
    model = StandIn([FORM * 200])
    _, done, _ = await answer(model, request(max_tokens=100))
    assert len(model.calls) == 1
    assert done.extra["pages"][0]["verdict"] == "truncated"


async def test_two_views_that_max_tokens_cut_off_alike_are_enough() -> None:
    model = StandIn(["First. " + FORM * 400, "Second. " + FORM * 400])
    text, done, _ = await answer(model, request(max_tokens=301))
    (page,) = done.extra["pages"]
    assert len(model.calls) == 2
    assert page["verdict"] == "truncated"
    assert page["loop"]["kind"] == "table"
    assert len(text) > 6_000
    assert page["dropped_chars"] == 0


async def test_the_last_rung_reads_halves_and_puts_boxes_back() -> None:
    model = StandIn([LOOP * 20] * 2 + [PAGE, "<|ref|>text<|/ref|><|det|>[[0, 0, 999, 999]]<|/det|>\nEnd"])
    text, done, _ = await answer(model, request("Convert to markdown", options={"ocr": {"output": "layout"}}))
    (page,) = json.loads(text)["pages"]
    assert [block["text"] for block in page["blocks"]] == ["# Hi", "End"]
    top, bottom = (block["boxes"][0] for block in page["blocks"])
    assert top[1] == 0
    assert top[3] < 220
    assert 380 < bottom[1] < 400
    assert bottom[3] == 800
    assert [call.size for call in model.calls[2:]] == [(400, 412), (400, 412)]
    assert done.extra["pages"][0]["verdict"] == "repaired"


async def test_a_page_that_loops_whatever_is_tried_is_trimmed_and_says_so() -> None:
    model = StandIn(["Short. " + LOOP * 20, "A longer beginning. " + LOOP * 20, LOOP * 20])
    text, done, _ = await answer(model, request())
    assert text.startswith("A longer beginning. the same words")
    assert text.count("the same words") <= 2
    (page,) = done.extra["pages"]
    assert page["verdict"] == "looped"
    assert page["dropped_chars"] > 0
    assert len(page["attempts"]) == 3
    assert done.finish_reason == "length"


async def test_the_half_before_the_one_that_loops_is_kept() -> None:
    model = StandIn([LOOP * 20] * 2 + ["The first half.", "Then " + LOOP * 20])
    text, done, _ = await answer(model, request())
    assert text.startswith("The first half.\n\nThen the same words again and again,")
    assert text.count("the same words") <= 2
    (page,) = done.extra["pages"]
    assert (page["verdict"], page["attempts"][-1]["name"]) == ("looped", "halves")
    loop = page["loop"]
    assert text[loop["start"] :][: loop["period"]] in LOOP * 2
    assert loop["start"] + loop["period"] == len(text)


async def test_boxes_of_a_half_that_loops_are_put_back() -> None:
    end = "<|ref|>text<|/ref|><|det|>[[0, 0, 999, 999]]<|/det|>\n"
    model = StandIn([LOOP * 20] * 2 + [PAGE, end + "End\n\n" + end + LOOP * 20])
    text, done, _ = await answer(model, request("Convert to markdown", options={"ocr": {"output": "layout"}}))
    (page,) = json.loads(text)["pages"]
    assert [block["text"] for block in page["blocks"]][:2] == ["# Hi", "End"]
    assert 0 < page["blocks"][2]["text"].count("the same words") <= 2
    assert [block["boxes"][0][1] > 380 for block in page["blocks"]] == [False, True, True]
    assert done.extra["pages"][0]["verdict"] == "looped"


async def test_markdown_streams_clean_and_carries_the_layout() -> None:
    text, done, _ = await answer(StandIn([PAGE]), request("Convert to markdown", stream=True))
    assert text == CLEAN
    assert done.extra["output"] == "markdown"
    (page,) = done.extra["layout"]["pages"]
    assert page["blocks"] == [{"label": "title", "text": "# Hi", "boxes": [[0, 0, 400, 401]]}]


@pytest.mark.parametrize("stream", [False, True])
async def test_the_layout_as_answer(stream: bool) -> None:
    body = {"response_format": {"type": "json_object"}}
    text, _, _ = await answer(StandIn([PAGE]), request("Read", images=2, stream=stream, options=body))
    jsonschema.validate(json.loads(text), LAYOUT_SCHEMA)
    assert [page["index"] for page in json.loads(text)["pages"]] == [0, 1]


async def test_a_client_that_goes_away_ends_every_page() -> None:
    model = StandIn(["word " * 1000], pause_s=0.001)
    events = engine(model).generate(request(images=3, stream=True))
    async for _ in events:
        # The other pages start at about the same time, in threads.
        if model.running == 3:
            break
    assert model.running == 3
    await events.aclose()  # type: ignore[attr-defined]
    assert model.running == 0


async def test_one_page_that_fails_ends_the_others() -> None:
    class Failing(StandIn):
        async def generate(self, *args: Any) -> AsyncIterator[Step]:
            if len(self.calls) == 1:
                self.calls.append(self.calls[0])
                raise RuntimeError("broken")
            async for step in super().generate(*args):
                yield step

    model = Failing(["word " * 1000], pause_s=0.001)
    with pytest.raises(RuntimeError, match="broken"):
        await answer(model, request(images=2, stream=True))
    assert model.running == 0


def test_raw_prompts_keep_the_conversation() -> None:
    rules = Settings().vllm.prompt_rules
    one = request("<image>\nFree OCR.", images=2)
    assert [job.images for job in plan_jobs(one, choose(one.messages, rules))] == [(0,), (1,)]
    both = request("<image><image>\nCompare.", images=2)
    (job,) = plan_jobs(both, choose(both.messages, rules))
    assert job.images == (0, 1)
    assert job.messages[0]["content"][-1] == {"type": "text", "text": "<image><image>\nCompare."}


def test_preparing_runs_in_the_engines_threads() -> None:
    made = engine(StandIn([""]), preprocess_threads=3)
    assert isinstance(made._threads, ThreadPoolExecutor)
    assert made._threads._max_workers == 3


async def test_health_fails_while_vllm_makes_no_step() -> None:
    class Stuck(StandIn):
        async def check_health(self) -> None:
            pass

    model = Stuck(["one two three"])
    made = engine(model)
    now = 0.0
    made._progress = Progress(stuck_after_s=100, clock=lambda: now)
    events = made.generate(request(stream=True))
    await anext(events)
    # The client reads slowly, but vLLM is done.
    await until(lambda: not model.running)
    now += 101
    await made.check_health()
    await events.aclose()  # type: ignore[attr-defined]

    model.pause_s = 60
    task = asyncio.create_task(answer_of(made))
    await until(lambda: model.running)
    await made.check_health()
    now += 101
    with pytest.raises(EngineStuck, match="no step"):
        await made.check_health()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def answer_of(made: VllmEngine) -> None:
    async for _ in made.generate(request()):
        pass


async def test_images_are_decoded_in_child_processes_of_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    model = StandIn(["hello"])
    made = VllmEngine(Settings(engine="vllm", vllm=VllmEngineSettings(preprocess_threads=1)), lambda phase: None)
    made._runtime = model  # type: ignore[assignment]
    monkeypatch.setattr(model, "shutdown", lambda: None, raising=False)
    await made._children.start()
    try:
        good = request(images=2, size=(30, 40))
        events = [event async for event in made.generate(good)]
        assert isinstance(events[-1], Done)
        assert [call.size for call in model.calls] == [(30, 40)] * 2
        bad = dataclasses.replace(good, images=(good.images[0], b"hello"))
        with pytest.raises(RequestError, match="not an image") as error:
            [event async for event in made.generate(bad)]
        assert error.value.param == "messages[0].content[1].image_url.url"
        # The child of the other image was killed, and another takes its place.
        await until(lambda: len(made._children.process_ids) == 2)
    finally:
        await made.close()
    assert made._children.process_ids == []
