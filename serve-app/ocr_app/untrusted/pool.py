"""The pool of child processes for all work on clients' files."""

import asyncio
import logging
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from mmap import mmap
from typing import Any

from ocr_app.untrusted.memory import Sealed
from ocr_app.untrusted.process import Child, ChildDied, ChildGone, Limits
from ocr_app.untrusted.warm import Work

log = logging.getLogger("ray.serve")

_JOBS_A_CHILD = 500
"""A child is replaced after so many jobs: what decoders leak, or what a bad file did to one, does not stay."""

_RETRY_S = 1.0
_MOST_DEATHS = 2


class ChildPool:
    """Keeps child processes warm, and gives each job one of them.

    Each child is a fresh interpreter: forking is no choice in a process with threads and a GPU. A child whose job is
    cancelled or reaches a limit is killed, and another one takes its place in the background.

    Args:
        limits: Of one job.
        workers: Most jobs at once; more wait, first come, first served.
        spares: Children that wait beside them, so that a job after a killed one waits for no start.
        work: What the children are there for.
    """

    def __init__(self, limits: Limits, *, workers: int, spares: int = 1, work: Work = "images") -> None:
        self._limits = limits
        self._work: Work = work
        self._size = workers + spares
        self._turns = asyncio.Semaphore(workers)
        self._ready: asyncio.Queue[Child] = asyncio.Queue()
        # Linux ends a child when the thread that started it ends: this one stays until `close`.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="children")
        self._lock = threading.Lock()
        self._children: set[Child] = set()
        self._tasks: set[asyncio.Future[Any]] = set()
        self._failure: Exception | None = None
        self._closed = False

    async def start(self) -> None:
        """Start the children and wait until all are ready.

        Raises:
            JobFailed: A child ends while it starts.
        """
        await asyncio.gather(*(self._add() for _ in range(self._size)))

    async def run(
        self, job: str, data: bytes | Sealed, args: Mapping[str, Any], *, cpu_s: float | None = None
    ) -> tuple[Mapping[str, Any], mmap | None]:
        """Do a job in a child; cancelling kills that child.

        A child that dies for no known reason, such as a lack of memory of the machine, is replaced and the job tried
        once more.

        Args:
            job: Name in `jobs.JOBS`.
            data: The client's file; one that other jobs read too is not copied.
            args: Arguments of the job, as JSON.
            cpu_s: Most CPU time of this job, in seconds; None for that of the limits.

        Returns:
            What the job returned, and its result in shared memory if it has one.

        Raises:
            RequestError: As the job raised it.
            JobFailed: The job failed otherwise or reached a limit.
        """
        async with self._turns:
            deaths = 0
            while True:
                try:
                    return await self._once(job, data, args, cpu_s)
                except ChildGone:
                    continue
                except ChildDied as death:
                    log.warning("a child process died during %s: %s", job, death)
                    deaths += 1
                    if deaths == _MOST_DEATHS:
                        raise

    def check_health(self) -> None:
        """Raise an error if no child can be started."""
        with self._lock:
            none = not any(child.started for child in self._children)
        # One that is just starting has not shown yet that it can.
        if self._failure is not None and none:
            raise RuntimeError(f"no process for decoding can be started: {self._failure}") from self._failure

    @property
    def process_ids(self) -> list[int]:
        """Of the children, for tests."""
        with self._lock:
            return sorted(child.process.pid for child in self._children)

    async def close(self) -> None:
        """Kill the children and wait until they are gone. Jobs that run fail."""
        with self._lock:
            self._closed = True
            children = list(self._children)
        for child in children:
            self._discard(child)
        while self._tasks:
            await asyncio.wait(self._tasks)
        self._starter.shutdown(wait=False)

    async def _once(
        self, job: str, data: bytes | Sealed, args: Mapping[str, Any], cpu_s: float | None
    ) -> tuple[Mapping[str, Any], mmap | None]:
        child = await self._take()
        try:
            return await child.run(job, data, args, cpu_s=cpu_s)
        finally:
            if child.usable and child.jobs < _JOBS_A_CHILD:
                self._ready.put_nowait(child)
            else:
                self._replace(child)

    async def _take(self) -> Child:
        if self._closed:
            raise RuntimeError("the pool of child processes is closed")
        while not (child := await self._ready.get()).usable:
            self._replace(child)
        return child

    async def _add(self) -> None:
        child = await asyncio.get_running_loop().run_in_executor(self._starter, self._start)
        try:
            await child.ready()
        except BaseException:
            self._discard(child)
            raise
        self._failure = None
        self._ready.put_nowait(child)

    def _start(self) -> Child:
        child = Child(self._limits, self._work)
        with self._lock:
            self._children.add(child)
            closed = self._closed
        if closed:
            child.process.kill()
        return child

    def _replace(self, child: Child) -> None:
        self._discard(child)
        if not self._closed:
            self._keep(asyncio.ensure_future(self._add_until_it_works()))

    async def _add_until_it_works(self) -> None:
        while not self._closed:
            try:
                return await self._add()
            except Exception as error:
                if self._closed:
                    return
                self._failure = error
                log.warning("a child process for decoding cannot start: %s", error)
                await asyncio.sleep(_RETRY_S)

    def _discard(self, child: Child) -> None:
        # At once, and not when the task below gets its turn.
        child.process.kill()
        with self._lock:
            self._children.discard(child)
        self._keep(asyncio.ensure_future(child.kill()))

    def _keep(self, task: "asyncio.Future[Any]") -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
