"""Every kind of fault, in the order in which they run."""

from faults.case import Case
from faults.kinds import bodies, connections, documents, environment, headers, images, kills, load, rest, start, stuck

KINDS: dict[str, tuple[Case, ...]] = {
    "rest": rest.CASES,
    "bodies": bodies.CASES,
    "connections": stuck.CASES + connections.CASES,
    "headers": headers.CASES,
    "images": images.CASES,
    "documents": documents.CASES,
    "kills": kills.CASES,
    "start": start.CASES,
    "environment": environment.CASES,
    "load": load.CASES,
}
"""Cases by kind."""
