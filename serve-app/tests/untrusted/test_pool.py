import asyncio
import contextlib
import functools
import gc
import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from faults.processes import memory_of
from ocr_app.engine.give_way import NICENESS
from ocr_app.untrusted.pool import ChildPool
from ocr_app.untrusted.process import JobFailed, Limits
from tests.engine.hostile_images import HOSTILE_IMAGES
from tests.until import until

LIMITS = Limits(cpu_s=300, memory_bytes=10**9)
ARGS = {"max_pixels": 50_000_000, "page": None, "order": "RGB"}
QUICK = HOSTILE_IMAGES["gif_frames"]()
SLOW = HOSTILE_IMAGES["jpeg_100_scans_of_arithmetic_code"]()  # some 15 s of CPU time

needs_proc = pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks at processes in /proc")


@pytest.fixture
async def pool() -> AsyncIterator[ChildPool]:
    made = ChildPool(LIMITS, workers=1)
    await made.start()
    yield made
    await made.close()


def busy(pool: ChildPool) -> list[int]:
    """Children that hold a client's file."""
    return [pid for pid in pool.process_ids if any("memfd" in target for target in open_files(pid))]


def has_let_go(pool: ChildPool, pid: int) -> bool:
    return pid not in busy(pool)


def open_files(pid: int | str) -> list[str]:
    """What a process has open; nothing if it ends meanwhile."""
    files: list[str] = []
    with contextlib.suppress(OSError):
        for path in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                files.append(os.readlink(path))
    return files


def environment(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


def autogroup(pid: int) -> str:
    """The kernel's own words on a process's session; empty where it has none."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/autogroup").read_text()
    return ""


def mapped() -> list[str]:
    return Path("/proc/self/maps").read_text().splitlines()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@needs_proc
async def test_cancelling_kills_the_child_and_the_next_job_does_not_wait(pool: ChildPool) -> None:
    before = pool.process_ids
    task = asyncio.create_task(pool.run("decode_image", SLOW, ARGS))
    await until(lambda: busy(pool))
    (pid,) = busy(pool)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not alive(pid))
    await pool.run("decode_image", QUICK, ARGS)
    await until(lambda: len(pool.process_ids) == len(before))
    assert pid not in pool.process_ids


@needs_proc
async def test_a_job_whose_child_is_killed_once_succeeds_and_twice_fails(pool: ChildPool) -> None:
    # Seconds of CPU time, so that the child still works when it is killed.
    for kills, file in ((1, HOSTILE_IMAGES["bmp_ends_of_rows"]()), (2, SLOW)):
        task = asyncio.create_task(pool.run("decode_image", file, ARGS))
        for _ in range(kills):
            await until(lambda: busy(pool))
            (pid,) = busy(pool)
            os.kill(pid, signal.SIGSEGV)
            await until(functools.partial(has_let_go, pool, pid))
        if kills == 1:
            answer, pixels = await task
            assert (answer["width"], answer["height"], len(pixels or b"")) == (65_500, 740, 3 * 65_500 * 740)
        else:
            with pytest.raises(JobFailed, match=r"its decoder crashed \(SIGSEGV\)"):
                await task


@needs_proc
async def test_children_get_no_secrets_and_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCR_API_KEY", "sk-secret")
    monkeypatch.setenv("HF_TOKEN", "hf-secret")
    listener = socket.create_server(("127.0.0.1", 0))
    os.set_inheritable(listener.fileno(), True)
    pool = ChildPool(LIMITS, workers=1)
    await pool.start()
    try:
        for pid in pool.process_ids:
            assert b"secret" not in environment(pid)
            files = open_files(pid)
            # Its one socket, as standard input and once more.
            assert len({file for file in files if "socket" in file}) == 1
            assert not any(f"socket:[{os.fstat(listener.fileno()).st_ino}]" == file for file in files)
    finally:
        await pool.close()
        listener.close()


@needs_proc
async def test_children_find_the_packages_that_are_not_in_the_image(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCR_EXTRA_PACKAGES", "/pdf-libraries/packages")
    pool = ChildPool(LIMITS, workers=1)
    await pool.start()
    try:
        assert b"OCR_EXTRA_PACKAGES=/pdf-libraries/packages" in environment(pool.process_ids[0])
    finally:
        await pool.close()


@needs_proc
async def test_a_large_image_leaves_little_memory_behind() -> None:
    pool = ChildPool(LIMITS, workers=1)
    await pool.start()
    try:
        children = pool.process_ids
        before = sum(map(memory_of, children))
        noise = Image.effect_noise((3_000, 2_500), 90)
        for mode, form in (("RGBA", "PNG"), ("RGB", "TIFF"), ("RGB", "JPEG"), ("RGB", "WEBP")):
            buffer = io.BytesIO()
            noise.convert(mode).save(buffer, form)
            _, pixels = await pool.run("decode_image", buffer.getvalue(), ARGS)
            assert pixels is not None
            pixels.close()
        assert pool.process_ids == children
        assert sum(map(memory_of, children)) - before < 32 * 2**20
    finally:
        await pool.close()


@needs_proc
async def test_children_give_way_to_their_parent(pool: ChildPool) -> None:
    for pid in pool.process_ids:
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, pid) == min(19, own + NICENESS)
        # Others than root may change it ten times a second, all together.
        if os.geteuid() == 0 and (group := autogroup(pid)):
            assert group.split()[-1] == str(NICENESS)


@needs_proc
async def test_nothing_is_left_after_many_jobs_and_kills(pool: ChildPool) -> None:
    others = children_of(os.getpid()) - set(pool.process_ids)
    await pool.run("decode_image", QUICK, ARGS)
    files = len(open_files("self"))
    for number in range(60):
        if number % 6:
            await pool.run("decode_image", QUICK, ARGS)
        else:
            task = asyncio.create_task(pool.run("decode_image", SLOW, ARGS))
            await until(lambda: busy(pool))
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    await until(lambda: len(pool.process_ids) == 2 and not busy(pool))
    gc.collect()
    await until(lambda: len(open_files("self")) <= files)
    assert not any("memfd:untrusted" in line for line in mapped())
    await pool.close()
    assert pool.process_ids == []
    assert children_of(os.getpid()) <= others


def children_of(parent: int) -> set[int]:
    """Processes for decoding, also dead ones that nobody has waited for."""
    found = set()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state, ppid = (path / "stat").read_text().rpartition(")")[2].split()[:2]
            command = (path / "cmdline").read_bytes()
        except OSError:
            continue
        if int(ppid) == parent and (state == "Z" or b"ocr_app.untrusted.child" in command):
            found.add(int(path.name))
    return found


@needs_proc
def test_children_end_with_a_parent_that_is_killed() -> None:
    code = (
        "import asyncio\n"
        "from tests.untrusted.test_pool import *\n"
        "async def main():\n"
        "    pool = ChildPool(LIMITS, workers=1)\n"
        "    await pool.start()\n"
        "    task = asyncio.create_task(pool.run('decode_image', SLOW, ARGS))\n"
        "    await until(lambda: busy(pool))\n"
        "    print(*pool.process_ids, flush=True)\n"
        "    await task\n"
        "asyncio.run(main())\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own code
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(pids) == 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)


async def test_a_pool_whose_children_cannot_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = ChildPool(LIMITS, workers=1)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(JobFailed, match="exit code 1"):
        await pool.start()
    await pool.close()


def never_ready(folder: Path, starts: Path) -> str:
    """An interpreter that writes to a file, and ends a moment later."""
    path = folder / "never-ready"
    path.write_text(f"#!/bin/sh\necho >> {starts}\nexec sleep 0.5\n")
    path.chmod(0o700)
    return str(path)


@needs_proc
async def test_health_fails_if_no_child_comes_back(
    pool: ChildPool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pool.check_health()
    monkeypatch.setattr(sys, "executable", "/bin/false")
    pids = pool.process_ids
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    await until(lambda: not any(alive(pid) for pid in pids))
    task = asyncio.create_task(pool.run("decode_image", QUICK, ARGS))

    def ill() -> bool:
        try:
            pool.check_health()
        except RuntimeError:
            return True
        return False

    await until(ill)
    # It stays ill, also while it tries again: Serve asks only now and then.
    starts = tmp_path / "starts"
    monkeypatch.setattr(sys, "executable", never_ready(tmp_path, starts))
    await until(starts.exists)
    assert ill()
    monkeypatch.undo()
    # The machine has recovered, and the job that waited is done.
    await asyncio.wait_for(task, 60)
    pool.check_health()
