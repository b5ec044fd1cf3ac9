import pytest

from ocr_app.engine.progress import EngineStuck, Progress


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_only_work_without_steps_counts_as_stuck() -> None:
    clock = Clock()
    progress = Progress(100, clock)
    clock.now = 1_000
    progress.check()
    with progress.working():
        clock.now += 90
        progress.step()
        clock.now += 90
        progress.check()
        clock.now += 20
        with pytest.raises(EngineStuck, match="no step for 110 s"):
            progress.check()
        progress.step()
        progress.check()
    clock.now += 1_000
    progress.check()


def test_clients_that_leave_do_not_mend_a_stuck_engine() -> None:
    clock = Clock()
    progress = Progress(100, clock)
    for _ in range(3):
        with progress.working():
            clock.now += 40
        clock.now += 500
        progress.check()
    with progress.working(), pytest.raises(EngineStuck):
        progress.check()


def test_one_of_many_that_moves_is_enough() -> None:
    clock = Clock()
    progress = Progress(100, clock)
    with progress.working():
        for _ in range(5):
            with progress.working():
                clock.now += 60
                progress.step()
        progress.check()
