"""JPEG: https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B."""

import re
import struct

from ocr_app.engine.headers.errors import Damaged, Excess

MAX_SCANS = 100
"""Most scans. The decoder visits every block of the page for each scan, also for an empty one of ten bytes.

Pillow and libjpeg write 10 scans for a progressive file with colour, other encoders up to some dozens. libtiff refuses
JPEG of over 100 too. 60 empty scans of 49 million pixels take 0.8 s.
"""

MAX_SEGMENTS = 2_000
"""Most other segments. 20 MB of metadata, such as the depth map of a phone's picture, take about 320."""

# In a scan a byte FF is followed by 00, or by D0 to D7 (restart markers, of which there may be one for each block).
_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
# Other threads get their turn between two slices; a search through the worst one takes about a millisecond.
_SLICE = 2**16
_MAX_JUNK = 2**16

_START, _END, _SCAN, _TEMPORARY = 0xD8, 0xD9, 0xDA, 0x01
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def size(data: bytes) -> tuple[int, int]:
    """Return (width, height) of the frame before the first scan."""
    found: tuple[int, int] | None = None
    at, junk, scans, segments = 2, 0, 0, 0
    while True:
        start, at = at, _next_marker(data, at)
        if at < 0:
            break
        # Decoders skip what stands between segments, Pillow byte by byte.
        junk += at - start if not scans else 0
        if junk > _MAX_JUNK:
            raise Damaged("it has bytes between its segments")
        marker = data[at + 1]
        if marker == _END:
            break
        if marker == _SCAN:
            scans += 1
        else:
            segments += 1
        if scans > MAX_SCANS:
            raise Excess(f"{MAX_SCANS} scans")
        if segments > MAX_SEGMENTS:
            raise Excess(f"{MAX_SEGMENTS:,} segments")
        if marker in (_START, _TEMPORARY):
            at += 2
            continue
        if len(data) < at + 4:
            break
        if marker in _FRAMES and not scans and len(data) >= at + 9:
            height, width = struct.unpack_from(">HH", data, at + 5)
            found = width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    if found is None or not scans:
        raise Damaged("it has no header" if found is None else "it has no pixels")
    return found


def _next_marker(data: bytes, start: int) -> int:
    while start < len(data):
        if (match := _MARKER.search(data, start, start + _SLICE + 1)) is not None:
            return match.start()
        start += _SLICE
    return -1
