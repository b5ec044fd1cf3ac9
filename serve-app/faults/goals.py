"""The goals that cases share."""

from faults.case import MIB, Goal, Seen

SETTLED_BYTES = 256 * MIB
"""What the allocator may keep after a case: a few bodies of the largest size."""
SETTLED_FDS = 32
"""Connections between the service's own processes come and go."""


def answered_within(seconds: float) -> Goal:
    """No answer takes longer, in seconds."""

    def missed(seen: Seen) -> str | None:
        longest = seen.outcome.longest_s
        if longest is None:
            return "nothing was timed"
        return None if longest <= seconds else f"the longest wait was {longest:.1f} s"

    return Goal(f"answers within {seconds:g} s", missed)


def health_under(milliseconds: float) -> Goal:
    """The 99th percentile of /health stays below, and each is answered."""

    def missed(seen: Seen) -> str | None:
        if seen.health is None:
            return "health was not watched"
        if seen.health.p99 >= milliseconds:
            return f"health p99 {seen.health.p99:.0f} ms"
        return f"{seen.health.failed} of {seen.health.asked} health checks failed" if seen.health.failed else None

    return Goal(f"health p99 < {milliseconds:g} ms", missed)


def memory_under(megabytes: int) -> Goal:
    """At no time does the service hold this much more than before, in MiB."""

    def missed(seen: Seen) -> str | None:
        if seen.memory is None:
            return "memory was not watched"
        grown = seen.memory[1] / MIB
        return None if grown < megabytes else f"memory grew by {grown:,.0f} MiB"

    return Goal(f"memory < +{megabytes:,} MiB", missed)


def _none_lost(seen: Seen) -> str | None:
    lost = seen.outcome.lost_openai
    if lost is None:
        return "no OpenAI client was there"
    return f"OpenAI clients lost {lost}" if lost else None


def _none_lost_raw(seen: Seen) -> str | None:
    lost = seen.outcome.lost_raw
    if lost is None:
        return "no raw client was there"
    return f"raw clients lost {lost}" if lost else None


def _settles(seen: Seen) -> str | None:
    if seen.memory is None or seen.fds is None:
        return "memory was not watched"
    kept, open_fds = seen.memory[2], seen.fds[2]
    if kept > SETTLED_BYTES:
        return f"{kept / MIB:,.0f} MiB did not come back"
    return f"{open_fds} file descriptors stay open" if open_fds > SETTLED_FDS else None


NONE_LOST = Goal("OpenAI clients lose 0", _none_lost)
"""No OpenAI client loses a request."""
NONE_LOST_RAW = Goal("raw clients lose 0", _none_lost_raw)
"""No client loses a request, not even one that never tries again."""
SETTLES = Goal(f"memory within {SETTLED_BYTES // MIB} MiB, file descriptors within {SETTLED_FDS} of before", _settles)
"""Memory and file descriptors return."""


def misses(goals: tuple[Goal, ...], seen: Seen) -> list[str]:
    """Return everything that was missed, with what the case itself found wrong; an empty list if all held."""
    if seen.capped:
        return ["the service was stopped because of its memory", *seen.outcome.problems]
    return [miss for goal in goals if (miss := goal.missed(seen))] + seen.outcome.problems
