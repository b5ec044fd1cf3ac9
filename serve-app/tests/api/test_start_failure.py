import pytest

from ocr_app.api.engine_state import EngineStatus
from ocr_app.api.start_failure import Failure, Replicas, combine, failure_in

STAYS, GONE = Failure("no GPU", stays=True), Failure("no GPU", stays=False)


@pytest.mark.parametrize(
    ("running", "coming", "failure", "phase", "expected"),
    [
        (0, 0, None, None, EngineStatus("asleep")),
        (0, 1, None, None, EngineStatus("starting", wanted=1)),
        (0, 1, None, "loading", EngineStatus("starting", phase="loading", wanted=1)),
        (0, 0, None, "loading", EngineStatus("starting", phase="loading", wanted=1)),
        (1, 0, None, None, EngineStatus("ready", running=1, wanted=1)),
        (1, 1, None, "loading", EngineStatus("ready", running=1, wanted=2)),
        (1, 0, STAYS, None, EngineStatus("failed", reason="no GPU", wanted=1)),
        (0, 0, GONE, None, EngineStatus("failed", reason="no GPU", wanted=0)),
        (0, 1, GONE, None, EngineStatus("failed", reason="no GPU", wanted=1)),
        (1, 0, GONE, None, EngineStatus("ready", running=1, wanted=1)),
        (2, 0, STAYS, None, EngineStatus("ready", running=1, wanted=2)),
    ],
)
def test_combine(running: int, coming: int, failure: Failure | None, phase: str | None, expected: EngineStatus) -> None:
    assert combine(Replicas(running, coming), failure, phase) == expected


TRACEBACK = (
    "Error:\n\x1b[36mray::ServeReplica:app:Engine.initialize_and_get_metadata()\x1b[39m (pid=1, ip=10.0.0.1)\n"
    '  File "/serve_app/ocr_app/engine/deployment.py", line 31, in __init__\n    await self._engine.start()\n'
)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("", None),
        ("Upscaling from 0 to 1 replicas.", None),
        (
            f"A replica failed to start with exception. Retrying 2 more time(s). {TRACEBACK}"
            "ocr_app.engine.types.StartError: no GPU was found",
            "no GPU was found",
        ),
        (
            f"The deployment failed to start 3 times in a row. {TRACEBACK}ModuleNotFoundError: No module named 'vllm'",
            "ModuleNotFoundError: No module named 'vllm'",
        ),
        ("A replica failed to start with exception. Error:\nkilled", "its process died; see the Engine's logs"),
    ],
)
def test_failure_in(message: str, expected: str | None) -> None:
    assert failure_in(message) == expected
