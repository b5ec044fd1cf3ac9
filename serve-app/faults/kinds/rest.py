"""Nothing is wrong: what this machine gives when nobody attacks."""

import time

from faults.case import Case, Outcome
from faults.clients import crowd
from faults.goals import NONE_LOST, NONE_LOST_RAW, SETTLES, answered_within, health_under
from faults.trial import Trial

_SECONDS = 15


def _run(trial: Trial) -> Outcome:
    with crowd(trial):
        time.sleep(_SECONDS)
    return trial.outcome


CASES = (
    Case(
        "rest",
        f"8 OpenAI clients and 2 raw ones for {_SECONDS} s; nobody attacks",
        _run,
        (NONE_LOST, NONE_LOST_RAW, answered_within(2), health_under(100), SETTLES),
    ),
)
