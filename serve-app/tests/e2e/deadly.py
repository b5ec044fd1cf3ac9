"""The application with an engine that a request can kill: `import_path: tests.e2e.deadly:build`."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

from ray import serve
from ray.serve import Application

from ocr_app.api.deployment import ApiDeployment
from ocr_app.engine import deployment
from ocr_app.engine.null import NullEngine
from ocr_app.engine.types import EngineEvent, EngineRequest
from ocr_app.settings import Settings
from tests.e2e.service import DEADLY


class DeadlyEngine(NullEngine):
    """Engine `null`, which a marked request ends."""

    async def generate(self, request: EngineRequest) -> AsyncIterator[EngineEvent]:
        if request.options.get(DEADLY):
            # Those that came with it are at work by then.
            await asyncio.sleep(0.5)
            os._exit(1)
        async for event in super().generate(request):
            yield event


_Stock: Any = deployment.EngineDeployment
_Engine: Any = _Stock.func_or_class


class DeadlyDeployment(_Engine):  # type: ignore[misc]
    """The deployment `Engine` with that engine in it."""

    # Serve awaits it, which the types of neither know.
    async def __init__(self, settings: Settings) -> None:  # type: ignore[misc]
        deployment.create_engine = lambda settings, report: DeadlyEngine(settings.null)  # type: ignore[attr-defined]
        await super().__init__(settings)


def build(settings: Settings) -> Application:
    """Return the application, as `ocr_app.app.build` does."""
    api: Any = ApiDeployment
    engine: Any = serve.deployment(name="Engine")(DeadlyDeployment)
    application: Application = api.bind(settings, engine.bind(settings))
    return application
