"""Reports to the Api how an engine's start goes."""

import asyncio
import itertools
import logging

from ray import serve

log = logging.getLogger("ray.serve")


class Reporter:
    """Sends the reports of this replica. An Api that is down misses them and sees the outcome in Serve's status."""

    def __init__(self) -> None:
        context = serve.get_replica_context()
        self._loop = asyncio.get_running_loop()
        self._replica = context.replica_tag
        self._api = serve.get_deployment_handle("Api", context.app_name)
        # Two calls may overtake each other on their way; the Api goes by this number.
        self._count = itertools.count()

    def report(self, phase: str) -> None:
        """Report a phase of the start, without waiting for the Api; callable from any thread."""
        log.info("Engine: %s", phase)
        # Serve's handles work in their event loop alone (RAY_SERVE_RUN_ROUTER_IN_SEPARATE_LOOP=0).
        self._loop.call_soon_threadsafe(self._send, next(self._count), phase)

    def _send(self, number: int, phase: str) -> None:
        self._api.engine_phase.remote(self._replica, number, phase)

    async def failed(self, reason: str, *, stays: bool) -> None:
        """Report why the engine cannot start, and whether the replica stays to answer requests with that reason."""
        try:
            await self._api.engine_failed.remote(self._replica, next(self._count), reason, stays)
        except Exception:
            log.warning("the Api did not receive the reason; it will read it in Serve's status", exc_info=True)
