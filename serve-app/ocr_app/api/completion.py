"""Engine events to OpenAI's `chat.completion` and `chat.completion.chunk` objects."""

import json
import time
from collections.abc import Sequence
from typing import Any

from ocr_app.api.echo import clip
from ocr_app.api.engine_client import text_of
from ocr_app.api.sse import event
from ocr_app.engine.types import Done, EngineEvent, Usage

_MOST_IGNORED = 20
"""Paths named in `ocr.ignored`; the rest is counted."""

_PATH = 60
"""Longest of them, in characters: they may be a client's own words."""


def usage_body(usage: Usage) -> dict[str, int]:
    """Return usage as OpenAI names it."""
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
    }


def completion_body(
    completion_id: str, model: str, text: str, done: Done, ignored: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the body of an answer that is not streamed; `ignored` is that of the ParsedRequest."""
    body: dict[str, Any] = {
        "id": completion_id,
        "object": "chat.completion",
        "created": int(time.time()),
        "model": model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text, "refusal": None},
                "logprobs": None,
                "finish_reason": done.finish_reason,
            }
        ],
        "usage": usage_body(done.usage),
    }
    if ocr := _ocr(done, ignored):
        body["ocr"] = ocr
    return body


def _ocr(done: Done, ignored: Sequence[str]) -> dict[str, Any]:
    if not ignored:
        return dict(done.extra)
    return {**done.extra, "ignored": some_of(ignored)}


def some_of(ignored: Sequence[str]) -> list[str]:
    """Return the first paths of fields without effect, shortened, and how many more there are."""
    rest = len(ignored) - _MOST_IGNORED
    return [
        *(clip(path, _PATH) for path in ignored[:_MOST_IGNORED]),
        *([f"and {rest} more"] if rest > 0 else []),
    ]


class ChunkWriter:
    """Turns groups of events into bytes of server-sent events.

    Args:
        completion_id: The answer's id, in every chunk.
        model: The model's id, in every chunk.
        include_usage: Whether a last chunk carries usage (and the others an empty one, as OpenAI's do).
        ignored: That of the ParsedRequest.
    """

    def __init__(self, completion_id: str, model: str, include_usage: bool, ignored: Sequence[str] = ()) -> None:
        self._base: dict[str, Any] = {
            "id": completion_id,
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": model,
        }
        self._include_usage = include_usage
        self._ignored = ignored
        tail = ',"logprobs":null,"finish_reason":null}]' + (',"usage":null}' if include_usage else "}")
        self._tail = f"}}{tail}\n\n".encode()
        # Most chunks differ in their text alone: the rest is encoded once.
        head = json.dumps(self._base, separators=(",", ":"))[:-1]
        self._head = f'data: {head},"choices":[{{"index":0,"delta":{{"content":'.encode()
        self._first = True

    def chunks(self, group: list[EngineEvent]) -> bytes:
        """Return a group's events: one chunk for its text, and what ends the answer."""
        parts: list[bytes] = []
        if self._first:
            self._first = False
            parts.append(event(self._chunk({"role": "assistant", "content": ""}, None)))
        text = text_of(group)
        if text:
            parts += (self._head, json.dumps(text).encode(), self._tail)
        if isinstance(group[-1], Done):
            parts.append(self._end(group[-1]))
        return b"".join(parts)

    def _end(self, done: Done) -> bytes:
        last = self._chunk({}, done.finish_reason)
        if ocr := _ocr(done, self._ignored):
            last["ocr"] = ocr
        if not self._include_usage:
            return event(last)
        return event(last) + event({**self._base, "choices": [], "usage": usage_body(done.usage)})

    def _chunk(self, delta: dict[str, str], finish_reason: str | None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        chunk = {**self._base, "choices": [choice]}
        if self._include_usage:
            chunk["usage"] = None
        return chunk
