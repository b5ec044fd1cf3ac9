"""Requests that are wrong in their headers, request ids, and what is answered without a key."""

import json
import time
from pathlib import Path

from faults import wire
from faults.case import Case, Need, Outcome
from faults.clients import crowd
from faults.goals import NONE_LOST, NONE_LOST_RAW, SETTLES, answered_within, health_under
from faults.malformed import LARGE, MALFORMED, REQUEST_IDS
from faults.pages import chat_request
from faults.trial import Trial

_KEY = "faults-7f3a-key-that-no-log-may-have"
_CONTENT = "faults-5c1e-words-that-no-log-may-have"
_PIPELINED = 12
_TIMEOUT_S = 20.0
_ANSWER_BYTES = 64 * 1024
_LOG_LINE_BYTES = 16 * 1024
_SHOWN = 4
_UNDERSTOOD = (501, 505)
"""The two 5xx that say that the client is wrong."""


def _malformed(trial: Trial) -> Outcome:
    outcome = trial.outcome
    with crowd(trial):
        for name, data in {**MALFORMED, **LARGE}.items():
            seen = wire.exchange(trial.port, data, timeout_s=_TIMEOUT_S, all_of_it=True)
            outcome.requests += 1
            outcome.took(seen.seconds)
            if seen.ended == "timeout":
                outcome.problems.append(f"{name}: neither answered nor closed within {_TIMEOUT_S:.0f} s")
            if seen.status is not None and seen.status >= 500 and seen.status not in _UNDERSTOOD:
                outcome.problems.append(f"{name}: answered {seen.status}")
            if len(seen.responses) > 1 and seen.responses[1].status < 400:
                outcome.problems.append(f"{name}: a second request came through ({seen.responses[1].status})")
            if len(seen.raw) > _ANSWER_BYTES:
                outcome.problems.append(f"{name}: the answer has {len(seen.raw):,} bytes")
    return outcome


def _request_ids(trial: Trial) -> Outcome:
    outcome = trial.outcome
    before = _log_sizes(trial)
    for name, lines in REQUEST_IDS.items():
        for path, method in (("/v1/models", "GET"), ("/v1/nothing", "GET"), ("/v1/chat/completions", "POST")):
            asked = wire.request(b"{}" if method == "POST" else b"", path=path, method=method, more=lines)
            seen = wire.exchange(trial.port, asked, timeout_s=_TIMEOUT_S)
            outcome.requests += 1
            outcome.took(seen.seconds)
            if seen.status is None or seen.status == 431 or not seen.responses[0].header("content-type"):
                continue  # refused before it was a request
            ids = seen.responses[0].header("x-request-id")
            if len(ids) != 1 or not 0 < len(ids[0]) <= 128 or not ids[0].isascii() or not ids[0].isprintable():
                short = [found if len(found) < 50 else f"{len(found):,} characters" for found in ids]
                outcome.problems.append(f"{name}, {path} {seen.status}: x-request-id is {short}")
    if len(outcome.problems) > _SHOWN:
        outcome.problems[_SHOWN:] = [f"{len(outcome.problems) - _SHOWN} more answers with wrong ids"]
    time.sleep(1)
    longest = max((_longest_line(path, before.get(path, 0)) for path in _logs(trial)), default=0)
    outcome.notes.append(f"longest line in a log: {longest:,} bytes")
    if longest > _LOG_LINE_BYTES:
        outcome.problems.append(f"a log got a line of {longest:,} bytes")
    return outcome


def _without_key(trial: Trial) -> Outcome:
    outcome = trial.outcome
    guarded = (
        "/v1/models",
        "/v1/models/deepseek-ocr",
        "/metrics",
        "/docs",
        "/openapi.json",
        "/v1/chat/completions",
        "/x",
    )
    wrong = ("", _KEY[:-1], _KEY + "x", _KEY.upper(), "x" * 20_000)
    for path in guarded:
        for key in wrong:
            method = "POST" if path.startswith("/v1/chat") else "GET"
            seen = wire.exchange(trial.port, wire.request(b"", key=key, path=path, method=method), timeout_s=_TIMEOUT_S)
            outcome.requests += 1
            outcome.took(seen.seconds)
            if seen.status != 401 and not (len(key) > 10_000 and seen.status in (400, 431, None)):
                outcome.problems.append(f"{path} answers {seen.status} to a wrong key of {len(key)} characters")
    for path in ("/health", "/-/healthz", "/-/routes"):
        seen = wire.exchange(trial.port, wire.request(b"", path=path, method="GET"), timeout_s=_TIMEOUT_S)
        outcome.requests += 1
        body = seen.responses[0].body if seen.responses else b""
        outcome.notes.append(f"{path} without a key: {seen.status}")
        if path == "/-/routes" and seen.status == 200:
            outcome.problems.append(f"/-/routes answers without a key: {body[:80]!r}")
        if path != "/-/routes" and seen.status != 200:
            outcome.problems.append(f"{path} answers {seen.status} without a key")
    return outcome


def _secrets(trial: Trial) -> Outcome:
    """The key where it belongs, and in every wrong place where a client might put it."""
    outcome = trial.outcome
    bearer = f"Authorization: Bearer {_KEY}"
    page = chat_request()
    page["messages"][0]["content"].append({"type": "text", "text": _CONTENT})
    tries = (
        wire.request(json.dumps(page).encode(), key=_KEY),
        wire.request(json.dumps({**page, "temperature": _CONTENT}).encode(), key=_KEY),
        wire.request(b"{}", key=_KEY),
        wire.request(b'{"model":"' + _KEY.encode() + b'"}', key=_KEY),
        wire.request(b"{", key=_KEY),
        wire.request(b"", key=_KEY, path="/v1/models", method="GET"),
        wire.request(b"", key=_KEY, path="/v1/nothing", method="GET"),
        wire.request(b"", key=_KEY + "x", path="/v1/models", method="GET"),
        f"GET /v1/models HTTP/1.1\r\nHost: x\r\n{bearer}\r\n{bearer}\r\n\r\n".encode(),
        f"GET /v1/models HTTP/1.1\r\nHost: x\r\n{bearer}\r\nContent-Length: x\r\n\r\n".encode(),
        f"GET /v1/models HTTP/1.1\r\n{bearer}\r\n : \r\n\r\n".encode(),
        f"BREW /v1/models HTTP/1.1\r\nHost: x\r\n{bearer}\r\n\r\n".encode(),
    )
    for data in tries:
        seen = wire.exchange(trial.port, data, timeout_s=_TIMEOUT_S)
        outcome.requests += 1
        outcome.took(seen.seconds)
        # A client may see its own mistake, such as a wrong model, but no header.
        if _KEY.encode() in seen.raw and b'"model":"' not in data:
            outcome.problems.append(f"the key comes back in the answer to {data[:30]!r}")
    time.sleep(1)
    logs = _logs(trial)
    outcome.notes.append(f"{len(logs)} log files looked through")
    for what, secret in (("the key", _KEY), ("what a request says", _CONTENT)):
        if found := [path.name for path in logs if secret.encode() in path.read_bytes()]:
            outcome.problems.append(f"{what} is in {', '.join(found)}")
    if not logs:
        outcome.problems.append("no log was found")
    if any(_KEY in line for line in trial.service.command_lines()):
        outcome.problems.append("the key is in the command line of a process")
    if _KEY in trial.service.output:
        outcome.problems.append("npm start prints the key")
    return outcome


def _pipelined(trial: Trial) -> Outcome:
    """Several requests in one piece are answered one by one, in order."""
    ask = [b"GET /v1/models/%d HTTP/1.1\r\nHost: x\r\n\r\n" % number for number in range(_PIPELINED)]
    seen = wire.exchange(trial.port, b"".join(ask), timeout_s=_TIMEOUT_S, all_of_it=True)
    trial.outcome.requests += _PIPELINED
    trial.outcome.took(seen.seconds)
    wrong = [n for n, one in enumerate(seen.responses) if one.status != 404 or b"'%d'" % n not in one.body]
    if len(seen.responses) != _PIPELINED or wrong:
        trial.outcome.problems.append(
            f"{len(seen.responses)} answers to {_PIPELINED} requests, out of place: {wrong[:5]}"
        )
    return trial.outcome


def _logs(trial: Trial) -> list[Path]:
    return [path for folder in trial.service.log_folders for path in folder.rglob("*") if path.is_file()]


def _log_sizes(trial: Trial) -> dict[Path, int]:
    return {path: path.stat().st_size for path in _logs(trial)}


def _longest_line(path: Path, since: int) -> int:
    with path.open("rb") as file:
        file.seek(since)
        return max(map(len, file.read().splitlines()), default=0)


_KEYED = Need("null", _KEY)

CASES = (
    Case(
        "headers/malformed",
        f"{len(MALFORMED) + len(LARGE)} requests with malformed, smuggled or huge headers",
        _malformed,
        (NONE_LOST, NONE_LOST_RAW, answered_within(10), health_under(100), SETTLES),
    ),
    Case(
        "headers/request-ids",
        "ids that are sent twice, empty, wrong or as long as 1 MB",
        _request_ids,
        (answered_within(2), health_under(100), SETTLES),
    ),
    Case(
        "headers/pipelined",
        f"{_PIPELINED} requests in one piece",
        _pipelined,
        (answered_within(5), health_under(100), SETTLES),
    ),
    Case("headers/without-key", "every path with no key or a wrong one", _without_key, (answered_within(2),), _KEYED),
    Case(
        "headers/secrets",
        "the key in every place; then logs, answers and command lines are searched for it",
        _secrets,
        (answered_within(2),),
        _KEYED,
    ),
)
