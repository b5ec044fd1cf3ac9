"""Computing gives way to answering: a machine with too few cores still answers `GET /health` at once."""

import os

NICENESS = 10
"""Steps below whoever calls, of at most 19: each halves or so what one gets beside others on a busy core."""


def give_way() -> None:
    """Lower the priority of this thread and of whatever it starts; on macOS that of the whole process.

    For threads and processes that compute. It changes nothing as long as a core is free.
    """
    os.nice(NICENESS)
