"""The Serve application: `import_path: ocr_app.app:build`."""

from typing import Any

from ray.serve import Application

from ocr_app.api.deployment import ApiDeployment
from ocr_app.engine.deployment import EngineDeployment
from ocr_app.settings import Settings


def build(settings: Settings) -> Application:
    """Return the application, its two deployments named `Api` and `Engine`.

    Args:
        settings: From `args` of serveConfigV2; replicas, scaling and resources come from its `deployments`.
    """
    # `serve.deployment` returns something that has no type.
    api: Any = ApiDeployment
    engine: Any = EngineDeployment
    application: Application = api.bind(settings, engine.bind(settings))
    return application
