"""Files without a name that two processes share: a client's file goes in, what was made of it comes out."""

import contextlib
import fcntl
import mmap
import os
import tempfile


def create(data: bytes | mmap.mmap = b"") -> int:
    """Return the descriptor of a new nameless file that holds `data`.

    It is freed when the last process that has it open or mapped is done with it, however that ends.
    """
    if hasattr(os, "memfd_create"):
        # Not below /dev/shm, which has 64 MB in a container.
        fd = os.memfd_create("untrusted", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    else:  # macOS
        with tempfile.TemporaryFile() as file:
            fd = os.dup(file.fileno())
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(fd, view) :]
    except BaseException:
        os.close(fd)
        raise
    return fd


class Sealed:
    """A file that many jobs read, such as a document of many pages. Nobody can change it, not even a child (on Linux).

    Args:
        data: Its content, of one byte at least.

    Attributes:
        fd: Its descriptor, until `close`.
        size: In bytes.
    """

    def __init__(self, data: bytes | mmap.mmap) -> None:
        self.size = len(data)
        self.fd = create(data)
        with contextlib.suppress(AttributeError, OSError):  # no seals on macOS
            fcntl.fcntl(self.fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE)

    def close(self) -> None:
        """Let go of it; a child that works on it keeps it until then."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


class File:
    """A file as a job sees it.

    Args:
        fd: Descriptor, open while the job runs.

    Attributes:
        key: The same for each job on one `Sealed` file, and of no other file that is open.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        stat = os.fstat(fd)
        self.key = (stat.st_dev, stat.st_ino)

    def read(self) -> bytes:
        """Return the whole content."""
        return read(self._fd)

    def map(self) -> mmap.mmap:
        """Return the content as memory that all its readers share, and that stays when the job has ended."""
        return mmap.mmap(self._fd, 0, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ)


def read(fd: int) -> bytes:
    """Return the whole content of a file."""
    size = os.fstat(fd).st_size
    parts: list[bytes] = []
    at = 0
    while at < size and (part := os.pread(fd, size - at, at)):
        parts.append(part)
        at += len(part)
    return b"".join(parts)


class Result:
    """Replaces the content of a file, piece by piece.

    Args:
        fd: Descriptor of the file, whose old content goes with the first piece.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self.size = 0

    def write(self, data: bytes) -> None:
        """Append a piece."""
        if not self.size:
            os.ftruncate(self._fd, 0)
        # Through a mapping it would cost a page fault every 4 KiB.
        view = memoryview(data)
        while view:
            written = os.pwrite(self._fd, view, self.size)
            self.size += written
            view = view[written:]


def map_result(fd: int, size: int) -> mmap.mmap:
    """Map the content of a file for reading.

    Raises:
        ValueError: It is not as long as its writer said.
    """
    # A mapped file that its writer makes shorter kills its readers (SIGBUS).
    with contextlib.suppress(AttributeError, OSError):  # no seals on macOS
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK)
    if os.fstat(fd).st_size != size:
        raise ValueError(f"{size} bytes were expected, but there are {os.fstat(fd).st_size}")
    populate = getattr(mmap, "MAP_POPULATE", 0)  # on Linux: no page faults later
    return mmap.mmap(fd, size, flags=mmap.MAP_SHARED | populate, prot=mmap.PROT_READ)
