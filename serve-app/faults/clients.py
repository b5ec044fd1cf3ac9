"""Honest clients that go on while something else happens: OpenAI's, and raw ones that never try again."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import openai

from faults import wire
from faults.case import Outcome
from faults.pages import chat_request
from faults.trial import Trial

_PATIENCE_S = 120.0


@dataclass
class Tally:
    """What some clients saw; all of them share it.

    Attributes:
        requests: Answered or lost.
        reasons: Why requests were lost.
        longest_s: The longest time to an answer, in seconds.
    """

    requests: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    longest_s: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def lost(self) -> int:
        """How many requests were lost."""
        return self.reasons.total()

    def count(self, seconds: float, lost: str | None) -> None:
        """Add one request; `lost` says why it was."""
        with self._lock:
            self.requests += 1
            self.longest_s = max(self.longest_s, seconds)
            if lost:
                self.reasons[lost] += 1


@dataclass(frozen=True)
class Crowd:
    """The clients of one case.

    Attributes:
        raw: What those saw that never try again.
        openai: What OpenAI clients saw.
        stop: Set to let them finish their last request.
    """

    raw: Tally
    openai: Tally
    stop: threading.Event

    def fill(self, outcome: Outcome) -> None:
        """Write into an outcome what they saw."""
        outcome.requests += self.raw.requests + self.openai.requests
        outcome.lost_raw = self.raw.lost
        outcome.lost_openai = self.openai.lost
        outcome.took(max(self.raw.longest_s, self.openai.longest_s))
        for name, tally in (("raw", self.raw), ("openai", self.openai)):
            if tally.reasons:
                reasons = ", ".join(f"{why} ({count})" for why, count in tally.reasons.most_common(4))
                outcome.notes.append(f"{name} clients lost: {reasons}")


@contextmanager
def crowd(
    trial: Trial,
    *,
    raw: int = 2,
    openai_clients: int = 8,
    pause_s: float = 0.25,
    page: bytes | None = None,
) -> Iterator[Crowd]:
    """Let clients send one request after the other until the block ends; then their figures are in the outcome.

    Args:
        trial: Whose service they ask.
        raw: How many never try again.
        openai_clients: How many are `openai.OpenAI` with its defaults, which tries twice more.
        pause_s: Seconds that each waits between an answer and its next request.
        page: PNG that they send; a tiny one by default.
    """
    both = Crowd(Tally(), Tally(), threading.Event())
    body = chat_request(page)
    clients = [_openai_client(trial) for _ in range(openai_clients)]
    asks: list[tuple[Tally, Callable[[], str | None]]] = []
    asks += [(both.raw, partial(ask_raw, trial, body)) for _ in range(raw)]
    asks += [(both.openai, partial(_ask_openai, client, body)) for client in clients]
    threads = [
        threading.Thread(target=_go_on, args=(both.stop, tally, ask, pause_s, pause_s * number / len(asks)))
        for number, (tally, ask) in enumerate(asks)
    ]
    for thread in threads:
        thread.start()
    try:
        yield both
    finally:
        both.stop.set()
        for thread in threads:
            thread.join()
        for client in clients:
            client.close()
        both.fill(trial.outcome)


def ask_raw(trial: Trial, body: dict[str, Any], timeout_s: float = _PATIENCE_S) -> str | None:
    """Send one request; return why it was lost, None if it was answered 200 with text."""
    try:
        seen = wire.exchange(trial.port, wire.request(json.dumps(body).encode(), key=trial.key), timeout_s=timeout_s)
    except OSError as error:
        return type(error).__name__
    if seen.status is None:
        return f"no answer ({seen.ended})"
    if seen.status != 200:
        return str(seen.status)
    return None if b'"content"' in seen.responses[0].body and seen.responses[0].complete else "a cut answer"


def _openai_client(trial: Trial) -> openai.OpenAI:
    return openai.OpenAI(
        base_url=f"http://127.0.0.1:{trial.port}/v1",
        api_key=trial.key or "none",
        timeout=_PATIENCE_S,
        http_client=openai.DefaultHttpxClient(trust_env=False),
    )


def _ask_openai(client: openai.OpenAI, body: dict[str, Any]) -> str | None:
    try:
        answer: Any = client.chat.completions.create(**body)
    except openai.APIStatusError as error:
        return str(error.status_code)
    except openai.OpenAIError as error:
        return type(error).__name__
    return None if answer.choices[0].message.content else "no text"


def _go_on(
    stop: threading.Event, tally: Tally, ask: Callable[[], str | None], pause_s: float, first_pause_s: float
) -> None:
    stop.wait(first_pause_s)
    while not stop.is_set():
        began = time.perf_counter()
        try:
            lost = ask()
        except Exception as error:  # a client that dies would be a request that nobody counts
            lost = type(error).__name__
        tally.count(time.perf_counter() - began, lost)
        stop.wait(pause_s)
