import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest

from tools.watch import Pace, dead_process, health_problem, watch_health


class Health(BaseHTTPRequestHandler):
    status = 200
    reason: str | None = None

    def do_GET(self) -> None:
        body = json.dumps({"engine": {"reason": self.reason}}).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    Health.status, Health.reason = 200, None
    server = HTTPServer(("127.0.0.1", 0), Health)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_health_in_words(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert health_problem(port) is None
    Health.status, Health.reason = 503, "no GPU was found"
    assert health_problem(port) == "its engine has failed: no GPU was found"
    Health.status, Health.reason = 500, None
    assert health_problem(port) == "/health answers 500"


def test_nobody_answers() -> None:
    with HTTPServer(("127.0.0.1", 0), Health) as server:
        port = server.server_port
    assert health_problem(port) == "it does not answer"


def test_a_problem_and_its_end_are_reported_once(port: int) -> None:
    reports: list[str | None] = []
    stopping = threading.Event()
    reported, over = threading.Event(), threading.Event()

    def report(problem: str | None) -> None:
        reports.append(problem)
        (over if problem is None else reported).set()

    pace = Pace(every=0.01, patience=0.05)
    Health.status = 500
    thread = threading.Thread(target=watch_health, args=[port, stopping, report, pace])
    thread.start()
    assert reported.wait(30)
    Health.status = 200
    assert over.wait(30)
    stopping.set()
    thread.join(30)
    assert reports == ["/health answers 500", None]


def test_a_short_problem_is_not_reported(port: int) -> None:
    reports: list[str | None] = []
    Health.status = 500
    stopping = threading.Event()
    thread = threading.Thread(target=watch_health, args=[port, stopping, reports.append, Pace(every=0.01, patience=60)])
    thread.start()
    stopping.wait(0.2)
    stopping.set()
    thread.join(30)
    assert reports == []


def test_a_process_of_ray_that_ended_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from ray._private import worker

    assert dead_process() is None
    killed = subprocess.Popen([sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"])
    killed.wait()
    node = SimpleNamespace(dead_processes=lambda: [("raylet", killed)])
    monkeypatch.setattr(worker, "_global_node", node)
    reason = dead_process() or ""
    assert reason.startswith(f"Ray's raylet (process {killed.pid}) was ended by SIGKILL")
    ended = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    ended.wait()
    node.dead_processes = lambda: [("gcs_server", ended)]
    assert dead_process() == f"Ray's gcs_server (process {ended.pid}) ended with code 3"
