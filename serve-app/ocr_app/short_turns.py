"""Threads of one process that take turns often, so that one which computes keeps no answer waiting."""

import sys

_TURN_S = 0.0005
"""Python's own is ten times as long. An answer to `GET /health` needs the interpreter a dozen times."""


def take_short_turns() -> None:
    """Let a thread that runs Python code give way to the others of its process after half a millisecond.

    While the body of a request is checked in a thread, the event loop waits that long each time that it has to run.
    See https://docs.python.org/3/library/sys.html#sys.setswitchinterval.
    """
    sys.setswitchinterval(_TURN_S)
