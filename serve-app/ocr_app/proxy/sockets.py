"""TCP options that end connections whose other side is gone, and keep little in the kernel for slow readers."""

import contextlib
import socket

IDLE_S = 60
"""Seconds of silence before the kernel asks the other side whether it is there."""

INTERVAL_S = 15
"""Seconds between two such questions."""

PROBES = 4
"""Questions without an answer after which the connection is dead: 2 minutes after its last byte."""

UNSENT_S = 120
"""Seconds that sent data may stay without an acknowledgement, also of a client that reads nothing (Linux)."""

NOT_SENT_BYTES = 128 * 1024
"""Bytes that the kernel takes ahead of what it can send. It would take megabytes, and a client that reads slowly could
not be told from one that reads nothing."""

_OPTIONS = (
    # macOS names the idle time TCP_KEEPALIVE.
    ("TCP_KEEPIDLE", IDLE_S),
    ("TCP_KEEPALIVE", IDLE_S),
    ("TCP_KEEPINTVL", INTERVAL_S),
    ("TCP_KEEPCNT", PROBES),
    ("TCP_USER_TIMEOUT", UNSENT_S * 1000),
    ("TCP_NOTSENT_LOWAT", NOT_SENT_BYTES),
)


def set_options(connection: socket.socket) -> None:
    """Set the options that this system has; a connection that has ended already is left as it is."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _OPTIONS:
        option = getattr(socket, name, None)
        if option is not None:
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.IPPROTO_TCP, option, value)
