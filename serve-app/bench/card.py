"""The GPU of this machine, as nvidia-smi sees it."""

import shutil
import subprocess
import threading
import time


def nvidia_smi(field: str) -> str:
    """Return one field of the first GPU; '' without one."""
    if shutil.which("nvidia-smi") is None:
        return ""
    command = ["nvidia-smi", f"--query-gpu={field}", "--format=csv,noheader,nounits"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.splitlines()[0].strip() if done.returncode == 0 and done.stdout.strip() else ""


def used_mib() -> int | None:
    """Return the GPU's memory that is in use, in MiB; None without a GPU."""
    used = nvidia_smi("memory.used")
    return int(used) if used else None


def wait_until_free(at_rest_mib: int | None, timeout_s: float = 60) -> None:
    """Wait until the GPU has no more memory in use than at rest, or so little more that another engine starts."""
    until = time.monotonic() + timeout_s
    while at_rest_mib is not None and (used_mib() or 0) > at_rest_mib + 500 and time.monotonic() < until:
        time.sleep(0.5)


class BusyMeter:
    """Samples the GPU's busy share and its memory until stopped; without a GPU there are no samples."""

    def __init__(self) -> None:
        self._samples: list[tuple[int, int]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "BusyMeter":
        """Begin."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.25):
            sample = nvidia_smi("utilization.gpu,memory.used").split(",")
            if len(sample) == 2:
                self._samples.append((int(sample[0]), int(sample[1])))

    @property
    def busy_percent(self) -> float | None:
        """Mean busy share, in per cent; None without samples."""
        return sum(busy for busy, _ in self._samples) / len(self._samples) if self._samples else None

    @property
    def peak_mib(self) -> int | None:
        """Most memory seen in use, in MiB; None without samples."""
        return max((used for _, used in self._samples), default=None)
