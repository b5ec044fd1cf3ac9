"""Memory that goes back to the system once it is free. Elsewhere than on Linux with glibc this does nothing."""

import contextlib
import ctypes
import os
import sys
import threading
import time
from pathlib import Path

_M_MMAP_THRESHOLD = -3
_LARGE_BYTES = 512 * 1024
_WORTH_BYTES = 64 * 2**20


def give_large_blocks_back() -> None:
    """Let this process take blocks of 512 KiB and more from the system one by one, and give each back when it is free.

    By itself, glibc raises that size to 32 MiB as soon as a large block is freed. The bodies of requests then lie
    between small objects, and what 16 of the largest took stays: 1.1 GB in the proxy and the Api. See mallopt(3).
    """
    with contextlib.suppress(AttributeError, OSError):
        if sys.platform == "linux":
            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def give_back_now() -> None:
    """Give free memory between small objects back once."""
    with contextlib.suppress(AttributeError, OSError):
        if sys.platform == "linux":
            ctypes.CDLL(None).malloc_trim(0)


def give_free_memory_back(every_s: float = 5.0) -> None:
    """Give free memory between small objects back every few seconds, while this process is 64 MiB larger than now.

    glibc does that by itself for the end of its heap only. A body comes in pieces of 256 KiB and goes on in others of
    gRPC's: 500 MB of them stayed in the proxy. See malloc_trim(3).
    """
    with contextlib.suppress(AttributeError, OSError):
        if sys.platform == "linux":
            trim = ctypes.CDLL(None).malloc_trim
            threading.Thread(
                target=_keep_small, args=(trim, resident_bytes(), every_s), name="trim", daemon=True
            ).start()


def resident_bytes() -> int:
    """Return how much of this process is in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _keep_small(trim: "ctypes._NamedFuncPointer", usual: int, every_s: float) -> None:
    while True:
        time.sleep(every_s)
        if resident_bytes() > usual + _WORTH_BYTES:
            trim(0)
