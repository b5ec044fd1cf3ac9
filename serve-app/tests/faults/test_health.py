import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from faults.health import Sampler, summary
from faults.watch import HealthWatch


def test_a_freeze_counts_for_all_that_it_held_up() -> None:
    samples = [(0.004, True)] * 990 + [(10.0, True)]
    figures = summary(samples, [0.0], every_s=0.025)
    assert figures.longest == pytest.approx(10_000)
    # 990 quick ones and the 400 that could not be asked: without them p99 would be 4 ms.
    assert figures.p99 > 9_000
    assert figures.p50 == pytest.approx(4)


def test_quick_answers_are_counted_once() -> None:
    figures = summary([(0.001, True), (0.002, True), (0.003, False)], [0.0, 0.5], every_s=0.025)
    assert figures.p50 == pytest.approx(2)
    assert figures.longest == pytest.approx(3)
    assert (figures.failed, figures.asked) == (1, 3)
    assert figures.late_p99 == pytest.approx(500)


def test_a_question_that_still_waits_is_reported_as_unanswered() -> None:
    sampler = Sampler(port=1, every_s=0.025)
    sampler.samples.append((0.01, True))
    sampler._waits_since = 0.0
    (first, answered), (waiting, still) = json.loads(sampler.report())["samples"]
    assert (first, answered) == (0.01, True)
    assert waiting > 0.025
    assert still is False


def test_nobody_there_is_a_failure() -> None:
    assert Sampler(port=1, every_s=0.025)._ask() is False


def test_the_last_question_is_waited_for() -> None:
    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            threading.Event().wait(0.2)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        seen = HealthWatch(server.server_address[1]).stop()
    finally:
        server.shutdown()
        server.server_close()
    assert seen.failed == 0
    assert seen.longest >= 200
