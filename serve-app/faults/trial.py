"""What a case gets to work with."""

import http.client
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from faults.case import Outcome
from faults.service import Service


@dataclass
class Trial:
    """One run of one case.

    Attributes:
        port: Port of the service.
        key: Key that its clients must send; empty for none.
        minutes: How long all mixed load lasts.
        running: The service, for cases that need one.
        started: Services that the case started itself; the runner stops them.
        outcome: Where the case counts.
    """

    port: int
    key: str = ""
    minutes: float = 10.0
    running: Service | None = None
    started: list[Service] = field(default_factory=list)
    outcome: Outcome = field(default_factory=Outcome)

    @property
    def service(self) -> Service:
        """The service that the case needs."""
        if self.running is None:
            raise RuntimeError("this case said that it needs no service")
        return self.running

    def start(self, *arguments: str, env: Mapping[str, str] | None = None) -> Service:
        """Start another service on the port, which must be free."""
        service = Service(self.port, _words(arguments), env)
        self.started.append(service)
        return service


def _words(arguments: Sequence[str]) -> list[str]:
    return list(arguments)


def is_well(port: int, timeout_s: float = 5.0) -> bool:
    """Whether `/health` answers 200 with an engine that is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        return answer.status == 200 and b'"state":"ready"' in answer.read().replace(b" ", b"")
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_until_well(port: int, timeout_s: float) -> float | None:
    """Wait until the service is well several times in a row; return after how many seconds, None if never."""
    began = time.monotonic()
    in_a_row = 0
    while time.monotonic() - began < timeout_s:
        in_a_row = in_a_row + 1 if is_well(port) else 0
        if in_a_row == 5:
            return time.monotonic() - began
        time.sleep(0.1)
    return None
