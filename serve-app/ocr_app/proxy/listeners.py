"""Who listens on a TCP port, by Linux's own tables."""

from pathlib import Path

_LISTEN = "0A"
_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))


def listeners(port: int, tables: tuple[Path, ...] = _TABLES) -> set[int]:
    """Return the inode numbers of the sockets that listen on a port of this network namespace.

    `os.fstat` of a socket shows the same number. Fields: https://docs.kernel.org/networking/proc_net_tcp.html.
    """
    found = set()
    for table in tables:
        try:
            lines = table.read_text().splitlines()[1:]
        except OSError:
            continue  # no IPv6
        for line in lines:
            fields = line.split()
            if fields[3] == _LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                found.add(int(fields[9]))
    return found
