"""Conversations as OpenAI's clients send them: the newest pages are read, with the newest instruction."""

from typing import Any

import pytest

from ocr_app.engine.types import ImagePart, Message, TextPart
from tests.api.support import FakeEngine, assert_error, data_uri, front, image_bytes, image_part

CHAT = "/v1/chat/completions"
OLD, NEW = image_bytes(size=(10, 10)), image_bytes(size=(30, 30))
CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def user(*parts: bytes | str, **fields: Any) -> dict[str, Any]:
    content = [image_part(data_uri(p)) if isinstance(p, bytes) else {"type": "text", "text": p} for p in parts]
    return {"role": "user", "content": content, **fields}


def said(content: Any = "text of the old page", **fields: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": content, **fields}


async def ask(*messages: Any, stream: bool = False, **settings: Any) -> tuple[FakeEngine, Any]:
    engine = FakeEngine()
    async with front(engine, **settings) as client:
        response = await client.post(CHAT, json={"model": "deepseek-ocr", "messages": messages, "stream": stream})
    return engine, response


async def read(*messages: Any, **settings: Any) -> tuple[tuple[bytes, ...], tuple[Message, ...]]:
    engine, response = await ask(*messages, **settings)
    assert response.status_code == 200, response.text
    return engine.requests[0].images, engine.requests[0].messages


@pytest.mark.parametrize(
    ("messages", "images", "text"),
    [
        ([user(OLD, "Free OCR."), said(), user(NEW, "As Markdown.")], [NEW], "As Markdown."),
        ([user(OLD, "Free OCR."), said(), user(NEW)], [NEW], "Free OCR."),
        ([user(OLD), said("plain text, <image>"), user(NEW)], [NEW], None),
        ([user(OLD, "Free OCR."), said(), {"role": "user", "content": "As Markdown."}], [OLD], "As Markdown."),
        ([user(OLD, "Free OCR."), said(), user("  ")], [OLD], "Free OCR."),
        ([user(OLD), said(), user(NEW), said(), user("Again.")], [NEW], "Again."),
        ([user(OLD), said(), user(NEW, OLD)], [NEW, OLD], None),
        ([user("Read what comes."), said("Yes."), user(NEW)], [NEW], "Read what comes."),
    ],
)
async def test_the_newest_pages_and_the_newest_instruction(
    messages: Any, images: list[bytes], text: str | None
) -> None:
    got, (turn,) = await read(*messages)
    assert list(got) == images
    assert turn.role == "user"
    assert [part.index for part in turn.parts if isinstance(part, ImagePart)] == list(range(len(images)))
    texts = [part.text for part in turn.parts if isinstance(part, TextPart)]
    assert texts == ([] if text is None else [text])


async def test_parts_of_one_message_keep_their_order() -> None:
    _, (turn,) = await read(user(OLD), said(), user("first", NEW, "second", OLD))
    assert turn.parts == (
        TextPart("first"),
        ImagePart(0, "messages[2].content[1].image_url.url"),
        TextPart("second"),
        ImagePart(1, "messages[2].content[3].image_url.url"),
    )


async def test_system_messages_stay() -> None:
    messages = [
        {"role": "system", "content": "You read."},
        user(OLD),
        said(),
        {"role": "developer", "content": [{"type": "text", "text": "Briefly."}]},
        user(NEW, name="alice"),
    ]
    _, got = await read(*messages)
    assert [(message.role, message.parts[0]) for message in got[:2]] == [
        ("system", TextPart("You read.")),
        ("developer", TextPart("Briefly.")),
    ]
    assert got[2].parts == (ImagePart(0, "messages[4].content[0].image_url.url"),)


@pytest.mark.parametrize(
    "past",
    [
        [said(None, tool_calls=[CALL]), {"role": "tool", "tool_call_id": "c1", "content": "ok"}],
        [{"role": "assistant", "tool_calls": [CALL]}, {"role": "tool", "content": [{"type": "text", "text": "ok"}]}],
        [said(None, refusal="I cannot read this.")],
        [said([{"type": "refusal", "refusal": "no"}])],
        [said([{"type": "thinking", "thinking": "…"}, {"type": "text", "text": "done"}], name="ocr")],
        [said(None, function_call={"name": "f", "arguments": ""}), {"role": "function", "name": "f", "content": None}],
        [said("")],
        [said([])],
    ],
)
async def test_what_histories_hold(past: list[Any]) -> None:
    images, (turn,) = await read(user(OLD), *past, user("Free OCR."))
    assert images == (OLD,)
    assert turn.parts[1:] == (TextPart("Free OCR."),)


@pytest.mark.parametrize("role", ["system", "developer", "user"])
@pytest.mark.parametrize("content", [None, "missing"])
async def test_only_answers_may_have_no_content(role: str, content: str | None) -> None:
    message = {"role": role} if content else {"role": role, "content": None}
    _, response = await ask(user(OLD), message)
    assert_error(response, 400, param="messages[1].content")


async def test_wrong_parts_of_answers_are_named() -> None:
    _, response = await ask(user(OLD), said([{"kind": "text"}]))
    assert_error(response, 400, "missing_required_parameter", "messages[1].content[0].type")
    _, response = await ask(user(OLD), said(5))
    assert_error(response, 400, "invalid_type", "messages[1].content")


async def test_a_tool_may_bring_the_page() -> None:
    tool = {"role": "tool", "tool_call_id": "c1", "content": [image_part(data_uri(NEW)), {"type": "text", "text": "x"}]}
    images, (turn,) = await read(user("Read the scan."), said(None, tool_calls=[CALL]), tool)
    assert images == (NEW,)
    assert turn.parts == (ImagePart(0, "messages[2].content[0].image_url.url"), TextPart("Read the scan."))
    images, _ = await read(user(OLD), said(None, tool_calls=[CALL]), tool)
    assert images == (OLD,)


async def test_limits_count_the_images_that_are_read() -> None:
    past = [message for _ in range(9) for message in (user(OLD), said())]
    images, _ = await read(*past, user(NEW, NEW), limits={"max_images": 2})
    assert images == (NEW, NEW)
    _, response = await ask(*past, user(NEW, NEW, NEW), limits={"max_images": 2})
    assert_error(response, 413, "too_many_images", "messages[18].content[2].image_url.url")


async def test_earlier_images_are_not_looked_at() -> None:
    gone = {"role": "user", "content": [image_part("https://example.com/a.png"), image_part("data:image/png;base64,@")]}
    images, _ = await read(gone, said(), user(NEW))
    assert images == (NEW,)


async def test_long_base64_of_earlier_images_is_no_text() -> None:
    old = OLD + bytes(300_000)
    images, _ = await read(user(old), said(), user(NEW), limits={"max_text_bytes": 2_000})
    assert images == (NEW,)


@pytest.mark.parametrize("stream", [False, True])
async def test_the_answer_names_the_images_that_were_not_read(stream: bool) -> None:
    _, response = await ask(user("x", OLD), said(), user(NEW), stream=stream)
    assert '"ignored":["messages[0].content[1].image_url.url"]' in response.text.replace(": ", ":")
    _, response = await ask(user(OLD), said(), user("Again."), stream=stream)
    assert "ignored" not in response.text
    _, response = await ask(*[user(OLD) for _ in range(30)], user(NEW), stream=stream)
    assert response.text.count(".image_url.url") == 20
    assert '"and 10 more"' in response.text
