"""The processes of a running service: who they are, what they hold."""

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

_NAMES = (
    ("tools.run_local", "runner"),
    ("ray::ServeController", "controller"),
    ("ray::ProxyActor", "HTTP proxy"),
    ("ray::HTTPProxy", "HTTP proxy"),
    ("ray::DashboardAgent", "dashboard agent"),
    ("ray::RuntimeEnvAgent", "runtime env agent"),
    ("/gcs_server", "GCS"),
    ("/raylet", "raylet"),
    ("ray::IDLE", "idle worker"),
)


def role_of(command: Sequence[str]) -> str | None:
    """Return what a command line is: `Engine`, `Api`, `HTTP proxy`, ...; None if it is none of them."""
    if not command:
        return None
    title = command[0]
    if title.startswith("ray::ServeReplica:"):
        # While an actor works on a call, Ray adds the method: `...:Api.handle_request`.
        return title.split()[0].rpartition(":")[2].partition(".")[0]
    for name, role in _NAMES:
        found = title.startswith(name) if name.startswith("ray::") else title.endswith(name) or name in command
        if found:
            return role
    return None


@dataclass(frozen=True, slots=True)
class Part:
    """One process.

    Attributes:
        pid: Its number.
        role: `Engine`, `Api`, ...; `of X` for a child of X with no name of its own.
        memory: Resident bytes that are not shared files.
        fds: Open file descriptors.
    """

    pid: int
    role: str
    memory: int
    fds: int


def pids(leader: int) -> list[int]:
    """Return the processes of the session that `leader` leads, and whatever they started."""
    found: set[int] = set()
    for pid in psutil.pids():
        with contextlib.suppress(OSError):
            if os.getsid(pid) == leader:
                found.add(pid)
    for pid in tuple(found):
        with contextlib.suppress(psutil.Error):
            found.update(child.pid for child in psutil.Process(pid).children(recursive=True))
    return sorted(pid for pid in found if _runs(pid))


def parts(leader: int) -> list[Part]:
    """Return every process of a service with what it holds; those that end meanwhile are left out."""
    found = []
    for pid in pids(leader):
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            role = role_of(process.cmdline()) or f"of {_parents_role(process)}"
            found.append(Part(pid, role, memory_of(pid), process.num_fds()))
    return found


def with_role(leader: int, role: str) -> list[int]:
    """Return the processes of a role."""
    return [part.pid for part in parts(leader) if part.role == role]


def memory_of(pid: int) -> int:
    """Return the resident bytes of a process that are not shared files; 0 if it has ended."""
    try:
        info = psutil.Process(pid).memory_info()
    except psutil.Error:
        return 0
    return int(info.rss - getattr(info, "shared", 0))


def _parents_role(process: psutil.Process) -> str:
    for parent in process.parents():
        if role := role_of(parent.cmdline()):
            return role
    return "nobody"


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
