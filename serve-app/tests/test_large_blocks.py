import subprocess
import sys
from pathlib import Path

import pytest

SERVE_APP = Path(__file__).parents[1]

# A large block is freed first: from then on glibc keeps what is smaller.
PROGRAM = """
import sys
from ocr_app.large_blocks import give_large_blocks_back
if sys.argv[1] == "give back":
    give_large_blocks_back()
del bytearray(b"x" * (31 * 2**20))[:]
between = []
bodies = []
for _ in range(200):
    bodies.append(bytearray(b"x" * 2**20))
    between.append([bytes(1_000) for _ in range(20)])
bodies.clear()
status = open("/proc/self/status").read()
print(int(status.split("RssAnon:")[1].split()[0]) // 1024)
"""


def anonymous_mib(argument: str) -> int:
    """Memory of a process, in MiB, after it has held 200 MiB and freed them."""
    command = [sys.executable, "-c", PROGRAM, argument]
    result = subprocess.run(command, cwd=SERVE_APP, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return int(result.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux with glibc has mallopt")
def test_freed_bodies_leave_no_memory_behind() -> None:
    assert anonymous_mib("give back") < 60
