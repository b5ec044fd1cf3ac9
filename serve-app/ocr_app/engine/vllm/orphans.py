"""Makes sure that vLLM's processes end when the replica ends, also when it is killed.

vLLM's engine process does not notice that its parent was killed (SIGKILL, the kernel's out-of-memory killer), and Ray
only cleans up after workers that end by themselves. The GPU's memory would stay taken, and no new replica could start.
A small process that does nothing but wait for the replica's end kills what the replica has started.
"""

import os
import subprocess
import sys
import uuid

MARK = "OCR_ENGINE_OWNER"
"""Environment variable by which the replica's processes are recognised."""

# Standard input ends when the replica does. Plain standard library, so that it is up in milliseconds. A process that is
# just being started (exec) has a program but no environment yet, so it is looked at again.
_WATCH = """
import os, signal, sys, time
mark = sys.argv[1].encode()
sys.stdin.buffer.read()
for _ in range(50):
    starting = False
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                with open(f"/proc/{name}/environ", "rb") as file:
                    environment = file.read()
                if mark in environment.split(b"\\0"):
                    os.kill(int(name), signal.SIGKILL)
                elif not environment and os.readlink(f"/proc/{name}/exe"):
                    starting = True
            except OSError:
                pass
    if not starting:
        break
    time.sleep(0.1)
"""


class OrphanGuard:
    """Marks every process that this one starts from now on; kills them when this one ends or calls `release`.

    Does nothing on a system without /proc, such as macOS, where vLLM has no GPU anyway.
    """

    def __init__(self) -> None:
        self._watcher: subprocess.Popen[bytes] | None = None
        if not os.path.isdir("/proc/self"):
            return
        owner = uuid.uuid4().hex
        env = {name: value for name, value in os.environ.items() if name != MARK}
        os.environ[MARK] = owner
        self._watcher = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-S", "-c", _WATCH, f"{MARK}={owner}"],
            stdin=subprocess.PIPE,
            env=env,
            # A signal to the replica's group must not reach it.
            start_new_session=True,
        )

    def release(self) -> None:
        """Kill the marked processes now."""
        watcher, self._watcher = self._watcher, None
        if watcher is not None and watcher.stdin is not None:
            watcher.stdin.close()
            watcher.wait(30)
            os.environ.pop(MARK, None)
