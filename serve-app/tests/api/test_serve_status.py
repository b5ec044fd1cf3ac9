"""What the poller makes of reports and of Serve's status, without a Serve."""

import pytest

from ocr_app.api.engine_state import EngineStatus
from ocr_app.api.serve_status import ServeStatusPoller
from ocr_app.engine.serve_view import ServeView


def view(running: int = 0, coming: int = 0, message: str = "") -> ServeView:
    return ServeView(deploying=False, running=running, coming=coming, message=message)


def state(poller: ServeStatusPoller) -> str:
    return poller.monitor.status.state


@pytest.fixture
def poller() -> ServeStatusPoller:
    return ServeStatusPoller("app")


async def test_a_wake_up(poller: ServeStatusPoller) -> None:
    assert poller.monitor.status == EngineStatus("asleep")
    poller.take(view(coming=1))
    assert state(poller) == "starting"
    poller.note_phase("r1", 0, "loading the model")
    assert poller.monitor.status.phase == "loading the model"
    poller.note_phase("r1", 1, "ready")
    poller.take(view(running=1))
    assert poller.monitor.status == EngineStatus("ready", running=1, wanted=1)
    poller.take(view())
    assert poller.monitor.status == EngineStatus("asleep")


async def test_a_failure_holds_until_the_next_start(poller: ServeStatusPoller) -> None:
    poller.note_phase("r1", 0, "starting")
    poller.note_failure("r1", 1, "no GPU", stays=True)
    assert poller.monitor.status.reason == "no GPU"
    # Serve counts the replica that stays as running.
    poller.take(view(running=1))
    assert state(poller) == "failed"
    poller.take(view())
    assert state(poller) == "failed"
    poller.note_phase("r2", 0, "starting")
    assert state(poller) == "starting"
    poller.note_phase("r2", 1, "ready")
    poller.take(view(running=1))
    assert poller.monitor.ready


async def test_reports_that_overtake_each_other(poller: ServeStatusPoller) -> None:
    poller.note_failure("r1", 1, "no GPU", stays=True)
    poller.note_phase("r1", 0, "starting")
    assert state(poller) == "failed"


async def test_a_process_that_dies_at_its_start(poller: ServeStatusPoller) -> None:
    poller.take(view(coming=1, message="A replica failed to start with exception. Retrying. Error:\nkilled"))
    assert state(poller) == "failed"
    failed_at = poller.monitor.failed_at
    poller.take(view(coming=1, message="A replica failed to start with exception. Retrying. Error:\nkilled"))
    assert poller.monitor.failed_at == failed_at


async def test_a_second_replica_that_fails_does_not_matter(poller: ServeStatusPoller) -> None:
    poller.take(view(running=1, coming=1))
    poller.note_failure("r2", 1, "no GPU", stays=False)
    assert poller.monitor.ready
