"""The jobs that a child process can do, by name."""

from collections.abc import Callable, Mapping
from mmap import mmap
from typing import Any

from ocr_app.untrusted import decoding

Allocate = Callable[[int], mmap]
"""Takes a number of bytes and returns shared memory of that size for the result; may be called once."""

Job = Callable[[bytes, Mapping[str, Any], Allocate], Mapping[str, Any]]
"""Takes a file, the job's arguments and `Allocate`; returns what the parent gets beside the shared memory."""

JOBS: dict[str, Job] = {"decode_image": decoding.decode}
