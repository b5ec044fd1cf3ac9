"""Runs cases one after the other, and keeps a service running that suits the next one."""

import traceback
from collections.abc import Callable, Sequence

from faults.case import Case, Need, Seen, Skipped
from faults.clients import ask_raw
from faults.goals import misses
from faults.pages import chat_request, text_page, tiny_page
from faults.result import Result
from faults.service import Service, StartFailed
from faults.trial import Trial, wait_until_well
from faults.watch import Watch

_WELL_S = 30.0
_WARM_UP = 5


class Runner:
    """Runs cases.

    Args:
        port: Where services listen on 127.0.0.1.
        minutes: How long all mixed load lasts.
        cap_bytes: A service that takes more memory is stopped.
    """

    def __init__(self, port: int, minutes: float, cap_bytes: int) -> None:
        self._port = port
        self._minutes = minutes
        self._cap = cap_bytes
        self._service: Service | None = None
        self._has: Need | None = None

    def run(self, cases: Sequence[Case], tell: Callable[[Result], None]) -> None:
        """Run them, and tell each result as it comes."""
        try:
            for case in cases:
                tell(self.one(case))
        finally:
            self.close()

    def one(self, case: Case) -> Result:
        """Run one case; whatever goes wrong in it is its result."""
        trial = Trial(self._port, case.need.key if case.need else "", self._minutes)
        try:
            if case.need is None:
                self.close()
                case.run(trial)
                return _judged(case, Seen(trial.outcome))
            return self._watched(case, case.need, trial)
        except Skipped as skip:
            return Result(case.name, case.done, _goals(case), Seen(trial.outcome), skipped=str(skip))
        except StartFailed as error:
            trial.outcome.problems.append(f"the service does not start: {error}")
        except Exception as error:
            traceback.print_exc()
            trial.outcome.problems.append(f"the case itself failed: {type(error).__name__}: {error}")
            self.close()
        finally:
            for service in trial.started:
                if service.runs:
                    service.stop()
        return Result(case.name, case.done, _goals(case), Seen(trial.outcome), tuple(trial.outcome.problems))

    def close(self) -> None:
        """Stop the service that is kept."""
        if self._service is not None and self._service.runs:
            self._service.stop()
        elif self._service is not None:
            self._service.wait_until_ended()
        self._service = self._has = None

    def _watched(self, case: Case, need: Need, trial: Trial) -> Result:
        trial.running = service = self._suiting(need)
        watch = Watch(service, self._cap)
        try:
            case.run(trial)
        except BaseException:
            if not watch.capped:
                watch.abandon()
                raise
        seen = watch.finish(trial.outcome)
        if not seen.capped and wait_until_well(self._port, _WELL_S) is None:
            trial.outcome.problems.append(f"the service was not well within {_WELL_S:.0f} s afterwards")
            self._drop(service)
        elif seen.capped:
            self._drop(service)
        return _judged(case, seen)

    def _suiting(self, need: Need) -> Service:
        if self._service is None or self._has != need or not self._service.runs:
            self.close()
            env = {"OCR_API_KEY": need.key} if need.key else {}
            self._service = Service(self._port, ["--no-sample", "--engine", need.engine], env)
            self._service.wait_until_up()
            self._has = need
            self._warm_up(need)
        if wait_until_well(self._port, _WELL_S) is None:
            raise StartFailed(f"it is up but not well:\n{self._service.output}")
        return self._service

    def _warm_up(self, need: Need) -> None:
        """Let the engine allocate what it needs for any page, so that this counts for no case."""
        trial = Trial(self._port, need.key)
        page = text_page() if need.engine == "cpu" else tiny_page()
        for _ in range(_WARM_UP):
            if why := ask_raw(trial, chat_request(page)):
                raise StartFailed(f"it is up but does not read a page: {why}")

    def _drop(self, service: Service) -> None:
        service.kill_everything()
        service.wait_until_ended()
        self._service = None


def _judged(case: Case, seen: Seen) -> Result:
    return Result(case.name, case.done, _goals(case), seen, tuple(misses(case.goals, seen)))


def _goals(case: Case) -> tuple[str, ...]:
    return tuple(goal.text for goal in case.goals)
