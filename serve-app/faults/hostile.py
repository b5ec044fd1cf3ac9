"""The hostile bodies and images that the unit tests use too, and which answers are all right."""

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any, cast

from faults.case import Outcome
from faults.wire import Exchange
from ocr_app.settings import Settings

BODY_LIMIT = Settings().limits.max_body_bytes
"""Largest body that the service takes, in bytes."""

_ANSWER_BYTES = 64 * 1024
_ECHO_CHARACTERS = 200
_MARK = "ξ"


def hostile_bodies() -> dict[str, Callable[[int], bytes]]:
    """Return builders of bodies of about a given size, by name; none where the tests have none."""
    return cast(dict[str, Callable[[int], bytes]], _from_tests("tests.api.hostile_bodies", "HOSTILE_BODIES"))


def hostile_images() -> dict[str, Callable[[], bytes]]:
    """Return builders of image files, by name; none where the tests have none."""
    return cast(dict[str, Callable[[], bytes]], _from_tests("tests.engine.hostile_images", "HOSTILE_IMAGES"))


def _from_tests(module: str, name: str) -> dict[str, Any]:
    try:
        return cast(dict[str, Any], getattr(import_module(module), name))
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return {}


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
