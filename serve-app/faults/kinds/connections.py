"""Clients that leave in the middle, or never read what they asked for."""

import contextlib
import json
import socket
import time

from faults import wire
from faults.case import Case, Outcome
from faults.clients import crowd
from faults.goals import NONE_LOST, NONE_LOST_RAW, SETTLES, answered_within, health_under, memory_under
from faults.pages import chat_request
from faults.swarm import Swarm
from faults.trial import Trial

_ROUNDS = 5
_EACH = 100
_PIPELINED = 20_000
_UNREAD_S = 15.0


def _leave(trial: Trial) -> Outcome:
    """Clients go with a reset: before, in and after the body, and while the answer comes."""
    whole = wire.request(json.dumps({**chat_request(), "stream": True}).encode())
    cuts = {"in the header": whole[:40], "in the body": whole[:-50], "after the body": whole}
    with crowd(trial):
        for _ in range(_ROUNDS):
            for data in cuts.values():
                with Swarm(trial.port, _EACH, data) as swarm:
                    trial.outcome.requests += _EACH
                    swarm.reset()
                time.sleep(0.5)
    trial.outcome.notes.append("left " + ", ".join(cuts))
    return trial.outcome


def _unread(trial: Trial) -> Outcome:
    """One connection asks for far more than a client can hold, and reads nothing of it."""
    ask = b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with crowd(trial), contextlib.ExitStack() as opened:
        connections = []
        for _ in range(4):
            connection = opened.enter_context(socket.create_connection(("127.0.0.1", trial.port), timeout=10))
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            connection.setblocking(False)
            connections.append((connection, memoryview(ask * (_PIPELINED // 4))))
        began = time.monotonic()
        sent = 0
        while time.monotonic() - began < _UNREAD_S:
            for index, (connection, rest) in enumerate(connections):
                with contextlib.suppress(OSError):
                    count = connection.send(rest[:65_536])
                    connections[index] = (connection, rest[count:])
                    sent += count
            time.sleep(0.05)
        trial.outcome.requests += sent // len(ask)
        trial.outcome.notes.append(
            f"the service took {sent // len(ask):,} of {_PIPELINED:,} requests whose answers nobody reads"
        )
    return trial.outcome


_GOALS = (NONE_LOST, NONE_LOST_RAW, answered_within(5), health_under(100), SETTLES)

CASES = (
    Case("connections/leave", f"{_ROUNDS * 3 * _EACH:,} clients that leave with a reset", _leave, _GOALS),
    Case(
        "connections/unread",
        f"{_PIPELINED:,} pipelined requests on 4 connections, whose answers nobody reads",
        _unread,
        (*_GOALS, memory_under(512)),
    ),
)
