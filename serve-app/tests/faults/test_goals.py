import dataclasses

import pytest

from faults.case import Goal, HealthSeen, Outcome, Seen
from faults.goals import NONE_LOST, NONE_LOST_RAW, SETTLES, answered_within, health_under, memory_under, misses
from tests.faults.support import QUIET, seen

NOTHING = Seen(Outcome())


@pytest.mark.parametrize(
    ("goal", "holds", "fails", "says"),
    [
        (answered_within(2), seen(longest_s=2.0), seen(longest_s=2.1), "the longest wait was 2.1 s"),
        (health_under(100), seen(), seen(dataclasses.replace(QUIET, p99=100.0)), "health p99 100 ms"),
        (health_under(100), seen(), seen(dataclasses.replace(QUIET, failed=3)), "3 of 900 health checks failed"),
        (memory_under(50), seen(most=49), seen(most=50), "memory grew by 50 MiB"),
        (NONE_LOST, seen(lost_openai=0), seen(lost_openai=2), "OpenAI clients lost 2"),
        (NONE_LOST_RAW, seen(lost_raw=0), seen(lost_raw=1), "raw clients lost 1"),
        (SETTLES, seen(after=256), seen(after=257), "257 MiB did not come back"),
        (SETTLES, seen(fds=32), seen(fds=33), "33 file descriptors stay open"),
    ],
)
def test_a_goal_holds_up_to_its_figure(goal: Goal, holds: Seen, fails: Seen, says: str) -> None:
    assert goal.missed(holds) is None
    assert goal.missed(fails) == says


@pytest.mark.parametrize(
    "goal", [answered_within(2), health_under(100), memory_under(50), NONE_LOST, NONE_LOST_RAW, SETTLES]
)
def test_what_was_not_measured_does_not_hold(goal: Goal) -> None:
    assert goal.missed(NOTHING)


def test_everything_that_was_missed_is_told() -> None:
    slow = HealthSeen(5.0, 500.0, 900.0, 0, 100, 1.0)
    bad = seen(slow, longest_s=9.0, problems=["answered 500"])
    assert misses((answered_within(2), health_under(100)), bad) == [
        "the longest wait was 9.0 s",
        "health p99 500 ms",
        "answered 500",
    ]
    assert misses((answered_within(2),), seen(longest_s=1.0)) == []
    assert misses((), seen(problems=["answered 500"])) == ["answered 500"]


def test_a_service_that_was_stopped_has_missed_everything() -> None:
    capped = dataclasses.replace(seen(longest_s=1.0), capped=True)
    assert misses((answered_within(2),), capped) == ["the service was stopped because of its memory"]
