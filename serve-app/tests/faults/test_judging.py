"""What the cases themselves find wrong."""

import json

from faults.case import Outcome
from faults.hostile import judge_answer
from faults.kinds.start import judge_end
from faults.service import Ended
from faults.wire import Exchange, responses


def answer(status: int, body: str) -> Exchange:
    data = body.encode()
    raw = b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (status, len(data), data)
    return Exchange(responses(raw), raw, 0.5, "complete")


def problems_of(seen: Exchange) -> list[str]:
    outcome = Outcome()
    judge_answer(outcome, seen, "attack")
    assert (outcome.requests, outcome.longest_s) == (1, 0.5)
    return outcome.problems


def test_a_short_refusal_is_right() -> None:
    assert problems_of(answer(400, '{"error":{"message":"messages: is required."}}')) == []
    assert problems_of(answer(413, json.dumps({"error": {"message": "ξ" * 200}}))) == []


def test_what_is_wrong_with_an_answer() -> None:
    assert problems_of(answer(500, "{}")) == ["attack: answered 500"]
    assert problems_of(answer(400, "a" * 100_000)) == ["attack: the answer has 100,042 bytes"]
    echo = json.dumps({"error": {"message": "ξ" * 201}})
    assert "\\u03be" in echo
    assert problems_of(answer(400, echo)) == ["attack: 201 characters of the client's text come back"]
    assert problems_of(Exchange((), b"", 0.5, "closed")) == ["attack: no answer (closed)"]


def ends(code: int | None, said: str = "The raylet has ended.", left: tuple[str, ...] = ()) -> list[str]:
    outcome = Outcome()
    judge_end(outcome, Ended(code, 1.0, said, left), codes=lambda found: found > 0, what="x")
    return outcome.problems


def test_how_a_start_may_end() -> None:
    assert ends(1) == []
    assert ends(0) == ["x: exit code 0"]
    assert ends(None) == ["x: npm start did not end"]
    assert ends(1, " \n") == ["x: it says nothing"]
    assert ends(1, left=("raylet", "Api")) == ["x: left running: raylet, Api"]
    assert ends(1, "Error: no\n    at run (tools/start/start.ts:68:11)\n") == ["x: it prints a stack trace"]
    assert ends(1, "Traceback (most recent call last):\n  File") == ["x: it prints a stack trace"]
    assert ends(1, "Look at the log (it is at /tmp/x):\n") == []
