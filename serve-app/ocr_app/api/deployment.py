"""The Serve deployment `Api`: the HTTP front, always one replica."""

import os
from functools import partial
from typing import Any

from fastapi import FastAPI
from ray import serve
from ray.serve.handle import DeploymentHandle

from ocr_app.api.factory import create_app
from ocr_app.api.files.door import Files
from ocr_app.api.files.session import folders_of_sessions, session_folder
from ocr_app.api.serve_client import ServeEngineClient
from ocr_app.api.serve_status import ServeStatusPoller
from ocr_app.free_memory import give_free_memory_back, give_large_blocks_back
from ocr_app.proxy.figures import Figures, publish
from ocr_app.proxy.stand_in import StandIn, serve_endpoint
from ocr_app.settings import Settings
from ocr_app.short_pauses import keep_pauses_short


@serve.deployment(name="Api")
@serve.ingress()
class ApiDeployment:
    """Answers HTTP, and receives reports from engine replicas on how their start goes."""

    def __init__(self, settings: Settings, engine: "DeploymentHandle[Any]") -> None:
        give_large_blocks_back()
        give_free_memory_back()
        self._settings = settings
        self._engine = engine
        self._app_name = serve.get_replica_context().app_name
        self._poller = ServeStatusPoller(self._app_name)
        self._api_key = os.environ.get("OCR_API_KEY", "")
        publish(self._app_name, Figures.of(settings, self._api_key))

    async def __serve_build_asgi_app__(self) -> FastAPI:
        """Build the app where it runs; called by Serve once the replica starts."""
        files = Files(self._settings.files, session_folder(self._app_name), others=folders_of_sessions)
        app = create_app(
            self._settings,
            ServeEngineClient(self._engine),
            monitor=self._poller.monitor,
            api_key=self._api_key,
            files=files,
        )
        files.start()
        admission = app.state.service.admission
        self._poller.start(lambda: bool(admission.in_flight))
        self._stand_in = StandIn(app, partial(serve_endpoint, self._app_name))
        self._stand_in.start()
        keep_pauses_short()
        return app

    async def engine_phase(self, replica: str, number: int, phase: str) -> None:
        """Receive what a starting engine replica is doing; `number` orders its reports."""
        self._poller.note_phase(replica, number, phase)

    async def engine_failed(self, replica: str, number: int, reason: str, stays: bool) -> None:
        """Receive why an engine replica cannot start, and whether it stays to answer requests with that reason."""
        self._poller.note_failure(replica, number, reason, stays=stays)
