import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc, which only Linux has")

REPLICA = """
import subprocess, sys, time
from ocr_app.engine.vllm.orphans import OrphanGuard
guard = OrphanGuard()
engine = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
print(engine.pid, flush=True)
{then}
"""


def replica(then: str) -> tuple["subprocess.Popen[str]", int]:
    command = [sys.executable, "-c", REPLICA.format(then=then)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def gone(pid: int, timeout_s: float = 20) -> bool:
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def test_the_engine_ends_with_a_replica_that_is_killed() -> None:
    process, engine = replica("time.sleep(600)")
    os.kill(engine, 0)
    process.kill()
    process.wait()
    assert gone(engine)


def test_the_engine_ends_with_a_replica_that_says_so() -> None:
    process, engine = replica("guard.release(); time.sleep(600)")
    assert gone(engine)
    assert process.poll() is None, "the guard killed its own replica"
    process.kill()
    process.wait()


def test_others_are_left_alone() -> None:
    mine, other = replica("time.sleep(600)"), replica("time.sleep(600)")
    mine[0].kill()
    mine[0].wait()
    assert gone(mine[1])
    os.kill(other[1], 0)
    other[0].kill()
    other[0].wait()
    assert gone(other[1])
