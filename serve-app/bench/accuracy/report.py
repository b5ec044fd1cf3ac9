"""The results as Markdown tables and as JSON."""

import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.accuracy.rules import Rule
from bench.accuracy.score import Share, Verdict, interval, overall, share, shares


@dataclass
class Reading:
    """What one reader made of all pages.

    Attributes:
        name: Of the reader.
        verdicts: One for each judged rule.
        pages: How many were read.
        seconds: One for each page that was read now, and not before.
        errors: For each page that was not: where it is and why. Its text counts as empty.
    """

    name: str
    verdicts: list[Verdict] = field(default_factory=list)
    pages: int = 0
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def markdown(readings: Sequence[Reading], skipped: Sequence[Rule]) -> str:
    """Return the tables: by category, by type of rule, and by folder where pages are in folders."""
    parts = [_main(readings), _table("type of rule", readings, lambda rule: rule.type)]
    if any(verdict.rule.group for reading in readings for verdict in reading.verdicts):
        parts += [_groups(reading) for reading in readings]
    if skipped:
        kinds = Counter(rule.type for rule in skipped)
        parts.append("Skipped: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()) + ".")
    for reading in readings:
        parts += [f"{reading.name} could not read {error}" for error in reading.errors]
    return "\n\n".join(parts) + "\n"


def failed(readings: Sequence[Reading]) -> str:
    """Return the rules that do not hold, with the reason, reader by reader."""
    return "\n".join(
        f"{reading.name}: {verdict.rule.category}: {verdict.rule.id} ({verdict.rule.type}): {verdict.reason}"
        for reading in readings
        for verdict in reading.verdicts
        if verdict.reason is not None
    )


def as_json(readings: Sequence[Reading], skipped: Sequence[Rule], about: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything as JSON, with a verdict for every rule.

    Args:
        readings: Of all readers.
        skipped: Rules that were not judged.
        about: What else is to stand there, such as the folder.
    """
    return {
        **about,
        "skipped": dict(Counter(rule.type for rule in skipped)),
        "readers": {
            reading.name: {
                "overall": overall(_categories(reading)),
                "interval": interval(_categories(reading)),
                "categories": _counts(shares(reading.verdicts, lambda rule: rule.category)),
                "types": _counts(shares(reading.verdicts, lambda rule: rule.type)),
                "seconds": statistics.median(reading.seconds) if reading.seconds else None,
                "errors": reading.errors,
                "rules": {
                    verdict.rule.id: {
                        "category": verdict.rule.category,
                        "document": verdict.rule.document,
                        "type": verdict.rule.type,
                        "reason": verdict.reason,
                    }
                    for verdict in reading.verdicts
                },
            }
            for reading in readings
        },
    }


def _main(readings: Sequence[Reading]) -> str:
    return "\n".join([_table("category", readings, lambda rule: rule.category), *_sums(readings)])


def _sums(readings: Sequence[Reading]) -> Iterator[str]:
    means = []
    for reading in readings:
        low, high = interval(_categories(reading))
        means.append(f"{100 * overall(_categories(reading)):.1f} % ({100 * low:.1f} to {100 * high:.1f})")
    yield _row("**mean of the categories**", *means)
    yield _row("**all rules**", *(_cell(share(reading.verdicts)) for reading in readings))
    times = (f"{statistics.median(reading.seconds):.2f}" if reading.seconds else "–" for reading in readings)
    yield _row("seconds a page, median", *times)


def _table(title: str, readings: Sequence[Reading], key: Callable[[Rule], str | None]) -> str:
    columns = [shares(reading.verdicts, key) for reading in readings]
    rows = [_row(name, *(_cell(column[name]) for column in columns)) for name in columns[0]]
    return "\n".join([_row(title, *(reading.name for reading in readings)), _rule(len(readings)), *rows])


def _groups(reading: Reading) -> str:
    """Return a table of categories by folders."""
    groups = list(shares(reading.verdicts, lambda rule: rule.group))
    pairs = shares(reading.verdicts, lambda rule: f"{rule.category}/{rule.group}" if rule.group else None)
    rows = [
        _row(name, *(_cell(pairs[f"{name}/{group}"]) if f"{name}/{group}" in pairs else "–" for group in groups))
        for name in shares(reading.verdicts, lambda rule: rule.category if rule.group else None)
    ]
    sums = shares(reading.verdicts, lambda rule: rule.group)
    last = _row("**all rules**", *(_cell(sums[group]) for group in groups))
    return "\n".join([_row(reading.name, *groups), _rule(len(groups)), *rows, last])


def _categories(reading: Reading) -> list[Share]:
    return list(shares(reading.verdicts, lambda rule: rule.category).values())


def _counts(counted: Mapping[str, Share]) -> dict[str, dict[str, int]]:
    return {name: {"passed": each.passed, "total": each.total} for name, each in counted.items()}


def _cell(each: Share) -> str:
    return f"{100 * each.value:.1f} % ({each.passed} of {each.total})"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(columns: int) -> str:
    return "|" + "---|" * (columns + 1)
