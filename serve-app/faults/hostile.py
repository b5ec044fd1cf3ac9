"""Which answers to a hostile request are all right."""

import json

from faults.case import Outcome
from faults.wire import Exchange
from ocr_app.settings import Settings

BODY_LIMIT = Settings().limits.max_body_bytes
"""Largest body that the service takes, in bytes."""

_ANSWER_BYTES = 64 * 1024
_ECHO_CHARACTERS = 200
_MARK = "ξ"


def judge_answer(outcome: Outcome, seen: Exchange, what: str) -> None:
    """Count one attack and its answer: any but a 5xx, short, and with little of the client's own text."""
    outcome.requests += 1
    outcome.took(seen.seconds)
    if seen.status is None:
        outcome.problems.append(f"{what}: no answer ({seen.ended})")
        return
    if seen.status >= 500:
        outcome.problems.append(f"{what}: answered {seen.status}")
    if len(seen.raw) > _ANSWER_BYTES:
        outcome.problems.append(f"{what}: the answer has {len(seen.raw):,} bytes")
    elif (echoed := _echoed(seen.responses[0].body)) > _ECHO_CHARACTERS:
        outcome.problems.append(f"{what}: {echoed:,} characters of the client's text come back")


def _echoed(body: bytes) -> int:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False).count(_MARK)
    except ValueError:
        return body.decode(errors="replace").count(_MARK)
