"""A process that answers at once whatever else it does."""

import gc
import sys

_TURN_S = 0.0005
"""Python's own is ten times as long. An answer to `GET /health` needs the interpreter a dozen times."""


def keep_pauses_short() -> None:
    """Let no thread of this process, and no collection of garbage, keep the others waiting for long.

    While the body of a request is checked in a thread, the event loop waits for a turn each time that it has to run:
    see https://docs.python.org/3/library/sys.html#sys.setswitchinterval. A full collection of garbage looks at all
    objects, and nearly all are Ray's and FastAPI's modules, which stay: 70 ms on a free core, 200 on a busy one. What
    is there now is left out of it: https://docs.python.org/3/library/gc.html#gc.freeze. Call it once all is loaded.
    """
    sys.setswitchinterval(_TURN_S)
    gc.collect()
    gc.freeze()
