import os
import socket
import sys
from pathlib import Path

import pytest

from ocr_app.proxy.listeners import listeners

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's tables")


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_only_sockets_that_listen_on_the_port_count(family: int, host: str) -> None:
    try:
        probe = socket.create_server((host, 0), family=family)
    except OSError:
        pytest.skip(f"this machine has no {host}")
    with probe as listener, socket.socket(family) as bound:
        port = listener.getsockname()[1]
        with socket.create_connection((host, port)):
            assert listeners(port) == {os.fstat(listener.fileno()).st_ino}
        bound.bind((host, 0))
        assert listeners(bound.getsockname()[1]) == set()


def test_a_machine_without_tables_has_none() -> None:
    assert listeners(80, (Path("/nonexistent"),)) == set()
