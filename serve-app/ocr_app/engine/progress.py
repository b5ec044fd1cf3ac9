"""Notices an engine that works and gets nowhere, so that its replica can be replaced."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

STUCK_AFTER_S = 300.0
"""Seconds of work without a step after which an engine counts as stuck.

The longest honest stage, detection on the largest page, takes seconds, and a minute on a machine with too much to do.
"""


class EngineStuck(Exception):
    """The engine works, but has made no step for too long."""


class Progress:
    """Counts the time since the last step, but only while there is work. Threads may share it.

    Time goes on where it stood when work is given up and new work begins, because clients that leave an engine that is
    stuck do not mend it.

    Args:
        stuck_after_s: Longest time for one step, in seconds.
        clock: Seconds that only grow.
    """

    def __init__(self, stuck_after_s: float = STUCK_AFTER_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._stuck_after_s = stuck_after_s
        self._clock = clock
        self._lock = threading.Lock()
        self._working = 0
        self._since = 0.0
        self._before = 0.0

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Work is under way during this block; `step` is called as it goes on."""
        with self._lock:
            if not self._working:
                self._since = self._clock()
            self._working += 1
        try:
            yield
        finally:
            with self._lock:
                self._working -= 1
                if not self._working:
                    self._before += self._clock() - self._since

    def step(self) -> None:
        """Say that the work has come a little further."""
        with self._lock:
            self._since = self._clock()
            self._before = 0.0

    def check(self) -> None:
        """Raise EngineStuck if there is work, and no step for too long."""
        with self._lock:
            still_s = self._before + self._clock() - self._since if self._working else 0.0
        if still_s > self._stuck_after_s:
            raise EngineStuck(f"the engine has made no step for {still_s:.0f} s")
