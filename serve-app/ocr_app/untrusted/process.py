"""One child process, as its parent sees it."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path
from typing import Any

from ocr_app.engine.types import RequestError
from ocr_app.untrusted import memory
from ocr_app.untrusted.memory import Sealed
from ocr_app.untrusted.warm import Work

# What Python and its libraries need; no key or token of the service is among them.
_ENVIRONMENT = (
    "PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "OCR_EXTRA_PACKAGES",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "LANG",
    "LC_ALL",
    "TMPDIR",
)
_SOURCES = Path(__file__).absolute().parents[2]
_MAX_LINE = 2**16
_START_S = 60.0
# A busy machine gives a child a part of one CPU. This only ends a child that waits without computing.
_WALL_TIMES_CPU = 6


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may use up.

    Attributes:
        cpu_s: CPU time in seconds: on a busy machine a job gets as far as on an idle one. A job that neither computes
            nor ends is stopped after six times as long.
        memory_bytes: Memory of the child, without the file and the result.
    """

    cpu_s: float
    memory_bytes: int


class JobFailed(Exception):
    """A job did not come to an end; the message says why, about "it", the file.

    Args:
        message: For the client.
        detail: For the log, such as a traceback.
    """

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


class ChildDied(JobFailed):
    """The child ended for a reason that may lie outside the file."""


class ChildGone(ChildDied):
    """The child had ended before it got the job."""


class Child:
    """A child process that does one job after the other.

    Args:
        limits: Of each job.
        work: What it is there for.

    Attributes:
        started: Whether it has ever been ready.
        jobs: Jobs given to it so far.
    """

    def __init__(self, limits: Limits, work: Work) -> None:
        self._limits = limits
        self._cpu_s = limits.cpu_s
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "ocr_app.untrusted.child"]
            command += [str(os.getpid()), str(limits.memory_bytes), work]
            self.process = subprocess.Popen(  # noqa: S603
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                # From here, and not from a path that the parent was given, Python imports the child.
                cwd=_SOURCES,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
                | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
                # A signal to the parent's group must not reach it.
                start_new_session=True,
            )
        ours.setblocking(False)
        self._connection = ours
        self._busy = True
        self._receiving = False
        self._gone = False
        self._out_of_time = False
        self.started = False
        self.jobs = 0

    @property
    def usable(self) -> bool:
        """Whether it waits for a job."""
        return not self._busy and self.process.poll() is None

    async def ready(self) -> None:
        """Wait until it has imported what it needs."""
        await self._receive(_START_S)
        self.started = True

    async def run(
        self, job: str, data: bytes | Sealed, args: Mapping[str, Any], *, cpu_s: float | None = None
    ) -> tuple[Mapping[str, Any], mmap | None]:
        """Do a job. If this is cancelled, or raises ChildDied, the child is of no use any more: call `kill`.

        Args:
            job: Its name.
            data: The file; one that other jobs read too is not copied.
            args: Arguments of the job, as JSON.
            cpu_s: Most CPU time of this job, in seconds; None for that of the limits.

        Returns:
            What the job returned, and its result in shared memory if it has one.

        Raises:
            RequestError: As the job raised it.
            JobFailed: The job failed otherwise or reached a limit.
        """
        self._busy = True
        self.jobs += 1
        self._cpu_s = self._limits.cpu_s if cpu_s is None else cpu_s
        if isinstance(data, Sealed) and data.fd < 0:
            raise ValueError("the file is closed")
        fd = memory.create(b"" if isinstance(data, Sealed) else data)
        try:
            request = json.dumps({"job": job, "args": args, "cpu_s": self._cpu_s}).encode()
            try:
                socket.send_fds(self._connection, [request], [fd, data.fd] if isinstance(data, Sealed) else [fd])
            except OSError as error:
                raise ChildGone("its decoder has ended", str(error)) from error
            answer = await self._receive(_WALL_TIMES_CPU * self._cpu_s)
            if "error" in answer:
                message, code, status = answer["error"]
                raise RequestError(message, code=code, status=status)
            if "failed" in answer:
                raise JobFailed(answer["failed"], answer.get("detail", ""))
            return answer["answer"], memory.map_result(fd, answer["size"]) if answer["size"] else None
        finally:
            os.close(fd)

    async def kill(self) -> None:
        """End the process now, and wait until it is gone."""
        self.process.kill()
        await asyncio.get_running_loop().run_in_executor(None, self.process.wait)
        self._gone = True
        if not self._receiving:
            self._connection.close()

    async def _receive(self, wall_s: float) -> Mapping[str, Any]:
        loop = asyncio.get_running_loop()
        timer = loop.call_later(wall_s, self._end)
        line = b""
        self._receiving = True
        try:
            while not line.endswith(b"\n"):
                part = await loop.sock_recv(self._connection, _MAX_LINE)
                line += part
                if not part or len(line) > _MAX_LINE:
                    raise await self._death()
        except OSError as error:
            raise ChildDied("its decoder has ended", str(error)) from error
        finally:
            timer.cancel()
            self._receiving = False
            if self._gone:
                self._connection.close()
        answer: Mapping[str, Any] = json.loads(line)
        self._busy = False
        return answer

    def _end(self) -> None:
        self._out_of_time = True
        self.process.kill()

    async def _death(self) -> JobFailed:
        self.process.kill()
        code = await asyncio.get_running_loop().run_in_executor(None, self.process.wait)
        if self._out_of_time or code == -signal.SIGPROF:
            return JobFailed(f"it takes over {self._cpu_s:g} s")
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return ChildDied(f"its decoder crashed ({name})")
