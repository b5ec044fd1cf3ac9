import subprocess
import sys
from pathlib import Path

import pytest

SERVE_APP = Path(__file__).parents[1]

PROGRAM = """
import sys, time
from ocr_app import free_memory
way, size = sys.argv[1], int(sys.argv[2])
if way == "large blocks":
    free_memory.give_large_blocks_back()
if way == "all":
    free_memory.give_free_memory_back(every_s=0.05)
# A large block is freed first: from then on glibc keeps what is smaller.
del bytearray(b"x" * (31 * 2**20))[:]
between = []
bodies = []
for _ in range(200 * 2**20 // size):
    bodies.append(bytearray(b"x" * size))
    between.append([bytes(1_000) for _ in range(max(1, 20 * size // 2**20))])
bodies.clear()
time.sleep(0.5)
print(free_memory.resident_bytes() // 2**20)
"""


def resident_mib(way: str, size: int) -> int:
    """Memory of a process, in MiB, after it has held 200 MiB in blocks of `size` bytes and freed them."""
    command = [sys.executable, "-c", PROGRAM, way, str(size)]
    result = subprocess.run(command, cwd=SERVE_APP, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return int(result.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux with glibc has mallopt and malloc_trim")
@pytest.mark.parametrize(("way", "size"), [("large blocks", 2**20), ("all", 2**17)])
def test_freed_bodies_leave_no_memory_behind(way: str, size: int) -> None:
    assert resident_mib("nothing", size) > 150
    assert resident_mib(way, size) < 80
