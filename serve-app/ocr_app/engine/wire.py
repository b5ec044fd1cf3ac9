"""What crosses from Engine to Api: one JSON line an event, text that follows text joined into one."""

import json
from collections.abc import Iterable, Iterator

from ocr_app.engine.types import Delta, Done, EngineEvent, RequestError, StartError, Usage


def encode(events: Iterable[EngineEvent]) -> bytes:
    """Return the events as lines; neighbouring deltas become one."""
    lines: list[bytes] = []
    texts: list[str] = []
    for event in events:
        if isinstance(event, Delta):
            texts.append(event.text)
            continue
        if texts:
            lines.append(_line(["".join(texts)]))
            texts = []
        usage = event.usage
        lines.append(_line([event.finish_reason, usage.prompt_tokens, usage.completion_tokens, dict(event.extra)]))
    if texts:
        lines.append(_line(["".join(texts)]))
    return b"".join(lines)


def encode_error(error: RequestError | StartError) -> bytes:
    """Return an expected error as a line; an exception would leave Ray's own traceback in the logs."""
    if isinstance(error, StartError):
        return _line([str(error), "start"])
    return _line([error.message, error.param, error.code, error.status, "error"])


def decode(data: bytes) -> Iterator[EngineEvent]:
    """Undo `encode`, or raise the error of `encode_error`."""
    for line in data.splitlines():
        fields = json.loads(line)
        if len(fields) == 1:
            yield Delta(fields[0])
        elif len(fields) == 4:
            yield Done(fields[0], Usage(fields[1], fields[2]), fields[3])
        elif len(fields) == 2:
            raise StartError(fields[0])
        else:
            raise RequestError(fields[0], param=fields[1], code=fields[2], status=fields[3])


def _line(fields: list[object]) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n"
