import os
import subprocess
import sys

import pytest

from faults.processes import memory_of, parts, pids, role_of, with_role

RUNNER = ["/x/.venv/bin/python", "-m", "tools.run_local", "--config", "/x/serve.json"]


@pytest.mark.parametrize(
    ("command", "role"),
    [
        (["ray::ServeReplica:deepseek-ocr:Engine"], "Engine"),
        (["ray::ServeReplica:deepseek-ocr:Api", ""], "Api"),
        (["ray::ServeReplica:deepseek-ocr:Api.handle_request"], "Api"),
        (["ray::ServeController"], "controller"),
        (["ray::ProxyActor"], "HTTP proxy"),
        (["ray::HTTPProxyActor"], "HTTP proxy"),
        (["ray::DashboardAgent"], "dashboard agent"),
        (["ray::RuntimeEnvAgent"], "runtime env agent"),
        (["/x/ray/core/src/ray/gcs/gcs_server", "--log_dir=/tmp/x"], "GCS"),
        (["/x/ray/core/src/ray/raylet/raylet", "--raylet_socket_name=/tmp/x"], "raylet"),
        (RUNNER, "runner"),
        (["/usr/bin/vim", "raylet.md"], None),
        (["python", "-c", "from multiprocessing.spawn import spawn_main"], None),
        ([], None),
    ],
)
def test_roles_by_command_line(command: list[str], role: str | None) -> None:
    assert role_of(command) == role


def test_a_session_and_what_it_started() -> None:
    code = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import sys; print(1, flush=True); sys.stdin.read()'],"
        " stdin=subprocess.PIPE, start_new_session=True)\n"
        "sys.stdin.read()"
    )
    leader = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", code, "tools.run_local"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert leader.stdout is not None
        leader.stdout.readline()
        found = {part.pid: part for part in parts(leader.pid)}
        assert set(found) == set(pids(leader.pid))
        assert len(found) == 2, "also a child that began a session of its own"
        assert found[leader.pid].role == "runner"
        assert found[leader.pid].memory > 1_000_000
        assert found[leader.pid].fds > 2
        (other,) = set(found) - {leader.pid}
        assert found[other].role == "of runner"
        assert with_role(leader.pid, "runner") == [leader.pid]
    finally:
        leader.communicate()
    assert leader.pid not in pids(leader.pid)


def test_a_process_that_has_ended_holds_nothing() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert memory_of(ended.pid) == 0
    assert memory_of(os.getpid()) > 1_000_000
