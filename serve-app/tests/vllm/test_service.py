"""The application over HTTP with the real vLLM and the openai client, in the order of a service's life."""

import re
import time
from collections import Counter
from typing import Any

import httpx
import openai
import pytest

from tests.vllm.pages import PARITY, data_uri, page
from tests.vllm.service import START_S, Service, wait_for

pytestmark = pytest.mark.timeout(3_600)


@pytest.fixture
def client(service: Service) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{service.url}/v1", api_key="none", timeout=START_S, max_retries=0)


def content(text: str, *sizes: tuple[int, int]) -> Any:
    images = [{"type": "image_url", "image_url": {"url": data_uri(page(*size))}} for size in sizes or [(500, 400)]]
    return [{"role": "user", "content": [{"type": "text", "text": text}, *images]}]


def ask(client: openai.OpenAI, text: str = "Extract all text from this document", *sizes: Any, **fields: Any) -> Any:
    fields.setdefault("max_tokens", 24)
    return client.chat.completions.create(model="deepseek-ocr", messages=content(text, *sizes), **fields)


def symbols(text: str) -> list[str]:
    """Split an answer into what the tiny tokenizer's tokens look like."""
    return re.findall(r" w\d+|<[^<>\s]{1,40}>|.", text, re.DOTALL)


def most_repeated(text: str, size: int) -> int:
    words = symbols(text)
    return max(Counter(tuple(words[i : i + size]) for i in range(len(words) - size + 1)).values(), default=0)


def repeats_in_window(text: str, size: int, window: int) -> int:
    """Count the n-grams that the guard has to prevent: the next copy begins while the last is still in its window."""
    words = symbols(text)
    last: dict[tuple[str, ...], int] = {}
    count = 0
    for start in range(len(words) - size + 1):
        gram = tuple(words[start : start + size])
        count += gram in last and start - last[gram] <= window - size + 1
        last[gram] = start
    return count


def test_asleep_at_first(service: Service) -> None:
    engine = service.health()["engine"]
    assert (engine["kind"], engine["state"]) == ("vllm", "asleep")
    assert service.engine_processes() == []


def test_bad_requests_wake_nothing(service: Service, client: openai.OpenAI) -> None:
    for xargs in ({"whitelist_token_ids": ["128821"]}, {"ngram_size": 0}, {"window_size": "90"}):
        with pytest.raises(openai.BadRequestError) as caught:
            ask(client, extra_body={"vllm_xargs": xargs})
        assert str(caught.value.param).startswith("vllm_xargs.")
    for body in ({"ocr": {"mode": "huge"}}, {"ocr": {"output": "html"}}):
        with pytest.raises(openai.BadRequestError):
            ask(client, extra_body=body)
    assert service.health()["engine"]["state"] == "asleep"


def test_a_plain_request_wakes_the_engine_which_says_what_it_does(service: Service) -> None:
    body = {"model": "deepseek-ocr", "temperature": 0.0, "max_tokens": 24, "messages": content("Extract all text")}
    phases: list[str] = []
    with (
        httpx.Client(timeout=START_S) as http,
        http.stream("POST", f"{service.url}/v1/chat/completions", json={**body, "stream": True}) as response,
    ):
        assert response.status_code == 200
        for line in response.iter_lines():
            phase = service.health()["engine"]["phase"]
            if phase and phase not in phases[-1:]:
                phases.append(phase)
            if line.startswith("data:"):
                break
    assert service.health()["engine"]["state"] == "ready"
    assert phases, "the start was never visible in /health"
    assert service.engine_processes()


@pytest.mark.parametrize("index", range(len(PARITY)))
def test_parity_with_vllm_alone(client: openai.OpenAI, offline: list[dict[str, Any]], index: int) -> None:
    case, wanted = PARITY[index], offline[index]
    answer = ask(
        client,
        f"<image>\n{case['prompt']}",
        case["size"],
        max_tokens=case["max_tokens"],
        extra_body={"ocr": {"mode": "gundam"}},
    )
    # The tiny tokenizer's tokens read all differently, so equal texts of equal length are equal tokens.
    assert answer.choices[0].message.content == wanted["text"]
    assert answer.usage.completion_tokens == len(wanted["tokens"])
    assert answer.usage.prompt_tokens == wanted["prompt_tokens"]
    assert answer.choices[0].finish_reason == wanted["finish_reason"]


def test_a_plain_instruction_equals_the_models_own_prompt(client: openai.OpenAI) -> None:
    plain = ask(client, "Extract all text from this document")
    raw = ask(client, "<image>\nFree OCR.")
    assert plain.choices[0].message.content == raw.choices[0].message.content
    assert plain.model_extra["ocr"]["prompt"] == {"text": "Free OCR.", "rule": "text"}
    assert raw.model_extra["ocr"]["prompt"]["rule"] is None


def test_streaming_gives_the_same_text_and_usage(client: openai.OpenAI) -> None:
    whole = ask(client)
    chunks = list(ask(client, stream=True, stream_options={"include_usage": True}))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-1].usage == whole.usage
    (reason,) = [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices and chunk.choices[0].finish_reason]
    assert reason == whole.choices[0].finish_reason
    assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens


def test_the_guard_holds_without_a_word_from_the_client(client: openai.OpenAI) -> None:
    """Streamed, because without streaming the ladder would repair what the missing guard lets happen."""
    guarded = streamed(client, max_tokens=150)
    off = streamed(client, max_tokens=150, extra_body={"vllm_xargs": {"ngram_size": None}})
    assert repeats_in_window(off, 30, 90) > 0, "the random model does not repeat itself: the test shows nothing"
    assert repeats_in_window(guarded, 30, 90) == 0


def test_the_clients_own_guard_wins(client: openai.OpenAI) -> None:
    own = streamed(client, max_tokens=150, extra_body={"vllm_xargs": {"ngram_size": 3, "window_size": 1000}})
    assert most_repeated(own, 3) == 1


def streamed(client: openai.OpenAI, **fields: Any) -> str:
    chunks = ask(client, stream=True, **fields)
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def test_special_tokens_stay_unless_the_client_says_otherwise(client: openai.OpenAI) -> None:
    forced = {"allowed_token_ids": [128821, 128822, 128816]}
    kept = ask(client, max_tokens=8, extra_body=forced).choices[0].message.content
    assert re.fullmatch(r"(<td>|</td>|<\|ref\|>)+", kept)
    assert not ask(client, max_tokens=8, extra_body={**forced, "skip_special_tokens": True}).choices[0].message.content


def test_max_tokens_beyond_the_context_are_clamped(client: openai.OpenAI) -> None:
    """The plain curl request: text, one image, temperature 0.0, max_tokens 8192."""
    answer = ask(client, temperature=0.0, max_tokens=8192, extra_body={"stop": None})
    (verdict,) = [entry["verdict"] for entry in answer.model_extra["ocr"]["pages"]]
    assert verdict in ("ok", "repaired", "looped", "truncated")
    assert answer.usage.total_tokens <= 1024
    assert answer.choices[0].message.content


def test_a_prompt_longer_than_the_context_is_the_clients_mistake(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="context length"):
        ask(client, "<image>\n" + "x" * 5000)


def test_vllms_own_words_on_wrong_sampling(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="top_p"):
        ask(client, top_p=5.0)


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"logit_bias": {"129280": 1}}, "logit_bias"),
        ({"stop_token_ids": [129280]}, "stop_token_ids"),
        ({"allowed_token_ids": [129280]}, "allowed_token_ids"),
        ({"allowed_token_ids": []}, "allowed_token_ids"),
        ({"bad_words": [" "]}, "bad_words[0]"),
        ({"truncate_prompt_tokens": 1}, "truncate_prompt_tokens"),
        ({"truncate_prompt_tokens": 1025}, "truncate_prompt_tokens"),
        ({"min_tokens": 25}, "min_tokens"),
        ({"vllm_xargs": {"window_size": 2**31 - 1}}, "vllm_xargs.window_size"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_wrong_values_name_the_field(client: openai.OpenAI, fields: dict[str, Any], param: str, stream: bool) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        list(ask(client, extra_body=fields, stream=stream))
    assert caught.value.param == param
    assert param in caught.value.message


def test_two_images_are_two_pages(client: openai.OpenAI) -> None:
    first, second = (ask(client, "Extract all text", size) for size in ((500, 400), (300, 640)))
    both = ask(client, "Extract all text", (500, 400), (300, 640))
    texts = [answer.choices[0].message.content for answer in (first, second)]
    assert both.choices[0].message.content == "\n\n<--- Page Split --->\n\n".join(texts)
    assert both.usage.prompt_tokens == first.usage.prompt_tokens + second.usage.prompt_tokens
    assert both.usage.completion_tokens == first.usage.completion_tokens + second.usage.completion_tokens
    assert [entry["images"] for entry in both.model_extra["ocr"]["pages"]] == [[0], [1]]


@pytest.mark.parametrize(("mode", "tokens"), [("tiny", 73), ("small", 111), ("base", 273), ("large", 421)])
def test_every_mode(client: openai.OpenAI, mode: str, tokens: int) -> None:
    words = len("\nFree OCR.") + 1  # a token a byte, and BOS
    answer = ask(client, max_tokens=4, extra_body={"ocr": {"mode": mode}})
    assert answer.usage.prompt_tokens == tokens + words
    assert answer.model_extra["ocr"]["pages"][0]["mode"] == mode


def test_pages_of_different_modes_run_together(client: openai.OpenAI) -> None:
    from concurrent.futures import ThreadPoolExecutor

    modes = ["tiny", "small", "base", "tiny", "small"]
    alone = {mode: text_of(client, mode) for mode in set(modes)}
    with ThreadPoolExecutor(len(modes)) as pool:
        assert list(pool.map(lambda mode: text_of(client, mode), modes)) == [alone[mode] for mode in modes]


def text_of(client: openai.OpenAI, mode: str) -> str:
    text: str = ask(client, max_tokens=8, extra_body={"ocr": {"mode": mode}}).choices[0].message.content
    return text


def test_a_loop_past_the_guard_is_stopped_and_tried_again(client: openai.OpenAI) -> None:
    # Two words, and an end that comes only where a guard forbids both of them.
    looping = {
        "vllm_xargs": {"ngram_size": None},
        "allowed_token_ids": [5000, 5001, 1],
        "logit_bias": {"1": -100},
    }
    chunks = list(ask(client, max_tokens=2000, extra_body=looping, stream=True))
    (page_,) = chunks[-1].model_extra["ocr"]["pages"]
    assert page_["verdict"] == "looped"
    assert len("".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)) < 4_000
    whole = ask(client, max_tokens=2000, extra_body=looping)
    (page_,) = whole.model_extra["ocr"]["pages"]
    assert page_["verdict"] in ("looped", "repaired", "truncated")
    assert len(page_["attempts"]) > 1
    assert page_["attempts"][0]["looped"]


def test_the_layout_as_json(client: openai.OpenAI) -> None:
    import json

    answer = ask(client, "Convert to markdown", response_format={"type": "json_object"})
    (page_,) = json.loads(answer.choices[0].message.content)["pages"]
    assert (page_["width"], page_["height"]) == (500, 400)


def test_a_client_that_goes_away_frees_its_sequence(service: Service, client: openai.OpenAI) -> None:
    stream = ask(client, max_tokens=3000, stream=True, extra_body={"ignore_eos": True, "vllm_xargs": {"ngram_size": 3}})
    request_id = next(iter(stream)).id
    stream.close()
    wait_for(lambda: aborted(service, request_id), "vLLM's word that the request was aborted", 120)


def aborted(service: Service, request_id: str) -> bool:
    logs = [path for path in service.directory.glob("ray*/session_*/logs/worker-*") if path.is_file()]
    pattern = rf"Request chatcmpl-{re.escape(request_id)}\S* aborted"
    return any(re.search(pattern, path.read_text(errors="replace")) for path in logs)


def test_an_engine_killed_mid_request_is_replaced(service: Service, client: openai.OpenAI) -> None:
    stream = ask(client, max_tokens=3000, stream=True, extra_body={"ignore_eos": True, "vllm_xargs": {"ngram_size": 3}})
    next(iter(stream))
    victims = service.engine_processes()
    for process in victims:
        process.kill()
    with pytest.raises(openai.APIError):  # what had begun cannot be begun again
        for _ in stream:
            pass
    began = time.monotonic()
    answer = ask(client)
    assert answer.choices[0].message.content
    assert time.monotonic() - began < START_S
    assert not {process.pid for process in victims} & {process.pid for process in service.engine_processes()}


def test_back_to_sleep_leaves_nothing_behind(service: Service) -> None:
    service.rescale(downscale_to_zero_delay_s=3, downscale_delay_s=3)
    wait_for(lambda: service.health()["engine"]["state"] == "asleep", "sleep", 300)
    wait_for(lambda: not service.engine_processes(), "the end of vLLM's processes", 60)
