"""What a child process does to itself before it touches a client's file."""

import contextlib
import ctypes
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from ocr_app.engine.give_way import NICENESS, give_way

_PR_SET_PDEATHSIG = 1
_CHECK_S = 0.5


def confine(parent: int, memory_bytes: int) -> None:
    """Limit this process, let it give way to its parent, and end with it.

    Args:
        parent: Process id of the parent.
        memory_bytes: Most memory that belongs to this process alone. macOS does not enforce it.
    """
    # The parent may have blocked or ignored signals, which is inherited.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    # Ctrl-C is for the parent, which ends its children.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(0)
    give_way()
    # Linux gives each session, which this process leads, its own share of the machine; niceness counts within it only.
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICENESS))
    # A core file would hold a client's image.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Counts heap and private mappings, not libraries or the shared memory of a result.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))


class Watch:
    """Ends the process, while it works, if its parent is gone; an idle child notices by its closed socket.

    Linux needs it only for what PR_SET_PDEATHSIG misses. A decoder that keeps Python's lock is ended by its limit.
    """

    def __init__(self, parent: int) -> None:
        self._parent = parent
        self._working = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Watch during this block."""
        self._working.set()
        try:
            yield
        finally:
            self._working.clear()

    def _run(self) -> None:
        while True:
            self._working.wait()
            if os.getppid() != self._parent:
                os._exit(1)
            time.sleep(_CHECK_S)
