"""What crosses from Engine to Api: one line for each event, a letter that says which kind it is and then its JSON.

    T"some text"
    D["stop",273,512,{"pages":[]}]
    R["The image is damaged.","messages[0].content[0].image_url.url","invalid_image",400]
    S"no GPU was found"

Text that follows text becomes one line.
"""

import json
from collections.abc import Iterable, Iterator

from ocr_app.engine.types import Delta, Done, EngineEvent, RequestError, StartError, Usage

_TEXT = "T"
_DONE = "D"
_REQUEST_ERROR = "R"
_START_ERROR = "S"


def encode(events: Iterable[EngineEvent]) -> bytes:
    """Return the events as lines; neighbouring deltas become one."""
    lines: list[str] = []
    texts: list[str] = []
    for event in events:
        if isinstance(event, Delta):
            texts.append(event.text)
            continue
        if texts:
            lines.append(_line(_TEXT, "".join(texts)))
            texts = []
        usage = event.usage
        lines.append(
            _line(_DONE, [event.finish_reason, usage.prompt_tokens, usage.completion_tokens, dict(event.extra)])
        )
    if texts:
        lines.append(_line(_TEXT, "".join(texts)))
    return "".join(lines).encode()


def encode_error(error: RequestError | StartError) -> bytes:
    """Return an expected error as a line; an exception would leave Ray's own traceback in the logs."""
    if isinstance(error, StartError):
        return _line(_START_ERROR, str(error)).encode()
    return _line(_REQUEST_ERROR, [error.message, error.param, error.code, error.status]).encode()


def decode(data: bytes) -> Iterator[EngineEvent]:
    """Return the events that `encode` was given, or raise the error that `encode_error` was given.

    Raises:
        RequestError, StartError: What `encode_error` was given.
        ValueError: A line of an unknown kind.
    """
    # JSON escapes line breaks, so that each "\n" ends a line.
    for line in data.decode().split("\n")[:-1]:
        kind, value = line[0], json.loads(line[1:])
        if kind == _TEXT:
            yield Delta(value)
        elif kind == _DONE:
            finish_reason, prompt_tokens, completion_tokens, extra = value
            yield Done(finish_reason, Usage(prompt_tokens, completion_tokens), extra)
        elif kind == _REQUEST_ERROR:
            message, param, code, status = value
            raise RequestError(message, param=param, code=code, status=status)
        elif kind == _START_ERROR:
            raise StartError(value)
        else:
            raise ValueError(f"an event of the unknown kind {kind!r}: {line[:100]!r}")


def _line(kind: str, value: object) -> str:
    # Without options json.dumps takes its fast path for text, which is nearly everything.
    return kind + (json.dumps(value) if kind == _TEXT else json.dumps(value, separators=(",", ":"))) + "\n"
