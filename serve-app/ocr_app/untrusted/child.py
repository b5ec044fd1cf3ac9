"""The child process: `python -m ocr_app.untrusted.child PARENT MEMORY_BYTES WORK`, with a socket as standard input.

It gets one line of JSON for each job, with the file for its result, which holds the job's file unless that is a second
one; and answers with one line. It ends when the socket is closed.
"""

import json
import os
import select
import signal
import socket
import sys
import traceback
from typing import Any

from ocr_app.engine.types import RequestError
from ocr_app.free_memory import give_back_now, give_large_blocks_back
from ocr_app.untrusted import kept, memory
from ocr_app.untrusted.confine import Watch, confine

_MAX_LINE = 2**16
_KEEP_S = 3.0
"""What a job kept for the next one goes after so many seconds without a job."""


def main() -> None:
    """Do jobs until the parent closes the socket."""
    parent, memory_bytes = map(int, sys.argv[1:3])
    confine(parent, memory_bytes)
    # A large image would leave 100 MB behind in each child.
    give_large_blocks_back()
    watch = Watch(parent)
    connection = socket.socket(fileno=os.dup(0))
    # Before the limits of a job count, and before the first client waits.
    from ocr_app.untrusted.jobs import JOBS
    from ocr_app.untrusted.warm import WARM_UP

    WARM_UP[sys.argv[3]]()
    # Decoders write what they think of a file here, thousands of lines for a bad one.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    connection.sendall(b'{"ready": true}\n')
    while True:
        if not select.select([connection], [], [], _KEEP_S)[0]:
            kept.forget()
            give_back_now()
            select.select([connection], [], [])
        line, fds, _, _ = socket.recv_fds(connection, _MAX_LINE, 2)
        if not line or not fds:
            return
        request = json.loads(line)
        with watch.working():
            # Counts CPU time, and ends the process also in the middle of a decoder.
            signal.setitimer(signal.ITIMER_PROF, request["cpu_s"])
            answer = _answer(JOBS, request, fds)
            signal.setitimer(signal.ITIMER_PROF, 0)
        for fd in fds:
            os.close(fd)
        connection.sendall(json.dumps(answer).encode() + b"\n")


def _answer(jobs: Any, request: Any, fds: list[int]) -> dict[str, Any]:
    result = memory.Result(fds[0])
    try:
        answer = jobs[request["job"]](memory.File(fds[-1]), request["args"], result.write)
    except RequestError as error:
        return {"error": [error.message[: _MAX_LINE // 8], error.code, error.status]}
    except MemoryError:
        return {"failed": "it needs too much memory"}
    except Exception as error:
        return {"failed": "it is damaged", "detail": "".join(traceback.format_exception(error))[-4_000:]}
    return {"answer": answer, "size": result.size}


if __name__ == "__main__":
    main()
