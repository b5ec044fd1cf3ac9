"""The same FastAPI app under plain uvicorn, its engine in the same process: `python -m bench.plain ENGINE PORT`."""

import asyncio
import sys

import uvicorn

from ocr_app.api.engine_client import LocalEngineClient
from ocr_app.api.factory import create_app
from ocr_app.engine.registry import create_engine
from ocr_app.settings import Settings


async def main(engine_name: str, port: int) -> None:
    """Serve until killed."""
    settings = Settings.model_validate({"engine": engine_name, "http": {"log_level": "WARNING"}})
    engine = create_engine(settings, lambda _: None)
    await engine.start()
    app = create_app(settings, LocalEngineClient(engine))
    await uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning")).serve()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
