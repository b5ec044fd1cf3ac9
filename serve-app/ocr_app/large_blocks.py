"""Memory that goes back to the system as soon as it is free."""

import contextlib
import ctypes
import sys

_M_MMAP_THRESHOLD = -3
_BYTES = 512 * 1024


def give_large_blocks_back() -> None:
    """Let this process take blocks of 512 KiB and more from the system one by one, and give each back when it is free.

    By itself, glibc raises that size to 32 MiB as soon as a large block is freed. The bodies of requests then lie
    between small objects, and what 16 of the largest took stays: 1.1 GB in the proxy and the Api. Elsewhere than on
    Linux with glibc this does nothing. See mallopt(3).
    """
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError, OSError):
            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _BYTES)
