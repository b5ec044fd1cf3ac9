"""`npm start` behind a proxy for the web, as in many offices: nothing of it may go there."""

import socket
import threading
import time
from functools import partial

from faults.case import Case, Outcome
from faults.clients import crowd
from faults.goals import NONE_LOST, NONE_LOST_RAW, answered_within
from faults.service import StartFailed
from faults.trial import Trial

_UP_S = 180.0
_HONEST_S = 8.0


def _behind(trial: Trial, *, silent: bool) -> Outcome:
    """Start with a proxy in every variable; it reads its sample, then clients ask."""
    with _Proxy(silent) as proxy:
        address = f"http://127.0.0.1:{proxy.port}"
        names = ("http_proxy", "https_proxy", "all_proxy")
        env = {spelt: address for name in names for spelt in (name, name.upper())}
        service = trial.start("--engine", "null", env=env)
        began = time.monotonic()
        try:
            service.wait_until_up(_UP_S)
        except StartFailed as error:
            lines = str(error).strip().splitlines()
            trial.outcome.problems.append(f"it does not come up: {lines[-1] if lines else ''}")
        else:
            trial.outcome.notes.append(f"up after {time.monotonic() - began:.0f} s")
            with crowd(trial, raw=2, openai_clients=4):
                time.sleep(_HONEST_S)
        if proxy.asked:
            trial.outcome.problems.append(f"the proxy was asked {proxy.asked} times")
    return trial.outcome


class _Proxy:
    """A proxy that is not there, or one that takes connections and never answers."""

    def __init__(self, silent: bool) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.asked = 0
        self._taken: list[socket.socket] = []
        if silent:
            threading.Thread(target=self._take, daemon=True).start()
        else:
            self._listener.close()

    def __enter__(self) -> "_Proxy":
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        for connection in self._taken:
            connection.close()

    def _take(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.asked += 1
            self._taken.append(connection)


def _case(name: str, done: str, *, silent: bool) -> Case:
    goals = (NONE_LOST, NONE_LOST_RAW, answered_within(5))
    return Case(f"environment/{name}", done, partial(_behind, silent=silent), goals, need=None)


CASES = (
    _case("dead-proxy", "http_proxy, https_proxy and all_proxy name a port that nobody listens on", silent=False),
    _case("silent-proxy", "the same, and the proxy takes connections but never answers", silent=True),
)
