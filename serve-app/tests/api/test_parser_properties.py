"""Whatever bytes come in, the parser answers with a request or with an error that HTTP can carry."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_app.api.errors import ApiError
from ocr_app.api.parser import parse
from ocr_app.api.protocol import ChatRequest
from ocr_app.engine.types import EngineRequest, RequestError
from ocr_app.settings import Settings
from tests.api.support import chat, data_uri, image_part

SETTINGS = Settings(engine="null")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=15,
)
names = st.sampled_from([*ChatRequest.model_fields, "vllm_xargs", "response_format"])
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


def outcome(body: bytes) -> EngineRequest | None:
    """The request, or None where the parser refused it as it should."""
    refused: ApiError | RequestError
    try:
        return parse(body, SETTINGS).engine
    except (ApiError, RequestError) as error:
        refused = error
    assert refused.status in (400, 404, 413)
    assert len(refused.message) < 2_000
    if isinstance(refused, ApiError):
        json.dumps(refused.body()).encode()
    else:
        assert refused.param
    return None


def assert_crosses_the_wire(request: EngineRequest) -> None:
    assert EngineRequest.from_wire(*request.to_wire()) == request


@given(st.binary(max_size=200))
def test_any_bytes(body: bytes) -> None:
    assert outcome(body) is None


@given(json_values)
def test_any_json(value: Any) -> None:
    assert outcome(json.dumps(value).encode()) is None


@given(st.dictionaries(names, json_values, max_size=4))
@settings(max_examples=300)
def test_any_field_of_an_otherwise_good_request(fields: dict[str, Any]) -> None:
    request = outcome(json.dumps({**chat(), **fields}).encode())
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
