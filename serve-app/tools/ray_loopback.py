"""Keeps the gRPC server of each Serve replica off the network; imported by Ray in every local worker (local_ray.py).

In Ray Serve 2.60 each replica listens on `[::]`, whatever the node's address is (ray/serve/_private/replica.py).
"""

import functools
from collections.abc import Callable
from typing import Any

from ray._common import tls_utils


def _on_loopback(add_port: Callable[..., int]) -> Callable[..., int]:
    @functools.wraps(add_port)
    def wrapper(server: Any, address: str, *args: Any, **kwargs: Any) -> int:
        return add_port(server, address.replace("[::]:", "127.0.0.1:"), *args, **kwargs)

    return wrapper


tls_utils.add_port_to_grpc_server = _on_loopback(tls_utils.add_port_to_grpc_server)
