"""Whatever bytes come in, the parser answers with a request or with an error that HTTP can carry."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_app.api import json_text
from ocr_app.api.echo import MOST
from ocr_app.api.errors import ApiError
from ocr_app.api.parser import parse
from ocr_app.api.protocol import ChatRequest
from ocr_app.engine.types import EngineRequest, RequestError
from ocr_app.settings import Settings
from tests.api.hostile_bodies import HOSTILE_BODIES, MARK
from tests.api.support import chat, data_uri, image_part

SETTINGS = Settings(engine="null")
VLLM = Settings(engine="vllm")
CPU = Settings(engine="cpu")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=15,
)
names = st.sampled_from(
    [*ChatRequest.model_fields, "vllm_xargs", "response_format", "tools", "tool_choice", "logprobs"]
)
urls = st.one_of(
    st.just(data_uri()),
    st.text(max_size=40),
    st.text(alphabet="ABab+/=-_ \n%,;:", max_size=40).map(lambda text: "data:image/png;base64," + text),
    st.binary(max_size=60).map(lambda data: data_uri(data or b"x")),
)
parts = st.one_of(
    urls.map(image_part),
    st.text(max_size=20).map(lambda text: {"type": "text", "text": text}),
    st.fixed_dictionaries({"type": json_values}, optional={"text": json_values, "image_url": json_values}),
)


def outcome(body: bytes, settings: Settings = SETTINGS) -> EngineRequest | None:
    """The request, or None where the parser refused it as it should."""
    refused: ApiError | RequestError
    try:
        return parse(body, settings).engine
    except (ApiError, RequestError) as error:
        refused = error
    assert refused.status in (400, 404, 413)
    assert len(refused.message) <= 600
    assert f"{refused.message} {refused.param}".count(MARK) <= MOST
    if isinstance(refused, ApiError):
        json.dumps(refused.body()).encode()
    else:
        assert refused.param
        assert len(refused.param) <= 100
    return None


pieces = st.one_of(
    st.binary(max_size=8),
    st.sampled_from(
        [b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b"0", b"1e999", b"NaN", b"\\u0000", b"\\ud800", b"\xff"]
    ),
    st.sampled_from(
        [b'"data:,', b'"data:image/png;base64,', b'{"type":"text","text":"', b'"ocr":{', b'"vllm_xargs":{']
    ),
    st.sampled_from([MARK.encode(), "😀".encode(), data_uri().encode(), json.dumps(image_part()).encode()]),
)
edits = st.tuples(st.floats(0, 1), st.floats(0, 0.2), pieces, st.sampled_from([0, 1, 1, 1, 3, 50, 5_000, 20_000]))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good request or a hostile one of up to 200 KB, with pieces of it replaced by others, once or many times."""
    start = st.sampled_from(sorted(HOSTILE_BODIES)).map(lambda name: HOSTILE_BODIES[name])
    build = draw(st.one_of(st.just(lambda _: json.dumps(chat(stop=["x"], ocr={"mode": "base"})).encode()), start))
    body: bytes = build(draw(st.sampled_from([2_000, 30_000, 100_000])))
    for where, share, piece, times in draw(st.lists(edits, max_size=4)):
        at = int(where * len(body))
        gone = int(share * len(body)) if times != 1 else len(piece)
        body = body[:at] + piece * min(times, 200_000 // (len(piece) or 1)) + body[at + gone :]
    return body[: draw(st.sampled_from([len(body), len(body), len(body) - 1, len(body) // 2]))]


def assert_crosses_the_wire(request: EngineRequest) -> None:
    assert EngineRequest.from_wire(*request.to_wire()) == request


@given(st.binary(max_size=200))
def test_any_bytes(body: bytes) -> None:
    assert outcome(body) is None


@given(mutated())
@settings(max_examples=400)
def test_any_request_that_is_damaged(body: bytes) -> None:
    request = outcome(body, VLLM)
    if request is not None:
        assert_crosses_the_wire(request)


@given(mutated())
@settings(max_examples=200)
def test_cutting_images_out_changes_no_answer(body: bytes) -> None:
    def answer(least: int) -> Any:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(json_text, "_CUT_BYTES", least)
            request = outcome(body, VLLM)
        return request and replace(request, id="")

    assert answer(16) == answer(10**9)


@given(json_values)
def test_any_json(value: Any) -> None:
    assert outcome(json.dumps(value).encode()) is None


@given(st.dictionaries(names, json_values, max_size=4))
@settings(max_examples=300)
def test_any_field_of_an_otherwise_good_request(fields: dict[str, Any]) -> None:
    body = json.dumps({**chat(), **fields}).encode()
    request = outcome(body)
    assert (outcome(body, CPU) is None) >= (request is None)
    if request is not None:
        assert_crosses_the_wire(request)
        assert request.max_tokens is None or 1 <= request.max_tokens <= SETTINGS.limits.max_tokens


@given(st.lists(parts, max_size=4))
@settings(max_examples=300)
def test_any_parts(content: list[Any]) -> None:
    body = {"model": "deepseek-ocr", "messages": [{"role": "user", "content": content}]}
    request = outcome(json.dumps(body).encode())
    if request is not None:
        assert_crosses_the_wire(request)
        images = [part for message in request.messages for part in message.parts if part.type == "image"]
        assert [part.index for part in images] == list(range(len(request.images)))
        assert len(request.images) >= 1
