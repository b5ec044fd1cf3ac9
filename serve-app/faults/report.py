"""Results as a page of Markdown."""

from collections.abc import Sequence
from datetime import date

from faults.case import MIB
from faults.result import Place, Result

_COLUMNS = (
    "case",
    "what was done",
    "requests",
    "lost, raw",
    "lost, OpenAI",
    "longest wait",
    "health p50 / p99 / max",
    "machine late",
    "memory, most / after",
    "descriptors",
    "goal",
    "held",
)


def page(place: Place, results: Sequence[Result], cases: int) -> str:
    """Return the whole page: a table for each kind, then what was missed, then notes."""
    made = [each for each in results if not each.skipped]
    held = sum(each.held for each in made)
    loads = [each.load for each in results]
    lines = [
        "# Faults",
        "",
        "Written by `npm run test:faults`; [README.md](README.md) says how each figure is made.",
        "",
        f"{date.today().isoformat()}, commit {place.commit}: {place.machine}. "
        f"Load average {min(loads, default=0):.1f} to {max(loads, default=0):.1f}.",
        "",
        f"**{held} of {len(made)} cases held**; {len(results) - len(made)} were skipped"
        + (f", {cases - len(results)} not run." if cases > len(results) else "."),
    ]
    for kind in dict.fromkeys(each.name.partition("/")[0] for each in results):
        rows = grouped([each for each in results if each.name.partition("/")[0] == kind])
        lines += ["", f"## {kind.capitalize()}", "", *table(rows)]
    lines += _list("Missed", [(each.name, "; ".join(each.missed)) for each in results if each.missed])
    lines += _list("Skipped", [(each.name, each.skipped) for each in results if each.skipped])
    lines += _list(
        "Notes", [(each.name, "; ".join(each.seen.outcome.notes)) for each in results if each.seen.outcome.notes]
    )
    return "\n".join(lines) + "\n"


def grouped(results: Sequence[Result]) -> list[list[Result]]:
    """Put those of `KIND/each/NAME` that held into one row; every other result has its own."""
    together: dict[str, list[Result]] = {}
    for each in results:
        kind, _, rest = each.name.partition("/each/")
        together.setdefault(f"{kind}/each" if rest and each.held else each.name, []).append(each)
    return list(together.values())


def table(rows: Sequence[Sequence[Result]]) -> list[str]:
    """Return a Markdown table; a row of several results has the worst of each figure."""
    lines = [_row(_COLUMNS), _row(["---"] * len(_COLUMNS))]
    return lines + [_row(_cells(row)) for row in rows]


def _cells(row: Sequence[Result]) -> list[str]:
    first = row[0]
    name, done = first.name, first.done
    if len(row) > 1:
        name = first.name.rpartition("/")[0]
        done = f"{len(row)} {name.partition('/')[0]}, one after the other; the worst of each figure"
    outcomes = [each.seen.outcome for each in row]
    longest = [o.longest_s for o in outcomes if o.longest_s is not None]
    return [
        name,
        done,
        f"{sum(o.requests for o in outcomes):,}",
        _sum([o.lost_raw for o in outcomes]),
        _sum([o.lost_openai for o in outcomes]),
        f"{max(longest):.1f} s" if longest else "",
        _health(row),
        _late(row),
        _memory(row),
        _fds(row),
        "; ".join(first.goals),
        "skipped" if first.skipped else "yes" if all(each.held for each in row) else "**no**",
    ]


def _health(row: Sequence[Result]) -> str:
    seen = [each.seen.health for each in row if each.seen.health]
    if not seen:
        return ""
    worst = (max(h.p50 for h in seen), max(h.p99 for h in seen), max(h.longest for h in seen))
    failed = sum(h.failed for h in seen)
    return " / ".join(f"{ms:,.0f}" for ms in worst) + " ms" + (f", {failed:,} failed" if failed else "")


def _late(row: Sequence[Result]) -> str:
    late = [each.seen.health.late_p99 for each in row if each.seen.health]
    return f"{max(late):.0f} ms" if late else ""


def _memory(row: Sequence[Result]) -> str:
    seen = [each.seen.memory for each in row if each.seen.memory]
    if not seen:
        return ""
    most, after = (max(m[index] / MIB for m in seen) for index in (1, 2))
    capped = " (stopped)" if any(each.seen.capped for each in row) else ""
    return f"{most:+,.0f} / {after:+,.0f} MiB{capped}"


def _fds(row: Sequence[Result]) -> str:
    seen = [each.seen.fds for each in row if each.seen.fds]
    return f"{seen[0][0]:,} → {seen[-1][1]:,}" if seen else ""


def _sum(values: Sequence[int | None]) -> str:
    found = [value for value in values if value is not None]
    return f"{sum(found):,}" if found else ""


def _list(title: str, items: Sequence[tuple[str, str]]) -> list[str]:
    return ["", f"## {title}", "", *(f"- `{name}`: {_plain(text)}" for name, text in items)] if items else []


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(_plain(cell) for cell in cells) + " |"


def _plain(text: str) -> str:
    """Text of a service or a machine, on one line and without what Markdown or a table would read as its own."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("ξ", "")[:1_000]
