"""The jobs that a child process can do, by name."""

from collections.abc import Callable, Mapping
from typing import Any

from ocr_app.untrusted import decoding

Write = Callable[[bytes], None]
"""Takes the next piece of the result."""

Job = Callable[[bytes, Mapping[str, Any], Write], Mapping[str, Any]]
"""Takes a file, the job's arguments and `Write`; returns what the parent gets beside the result."""

JOBS: dict[str, Job] = {"decode_image": decoding.decode}
