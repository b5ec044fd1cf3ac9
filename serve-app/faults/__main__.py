"""Attack the service and judge it: `python -m faults [NAMES...]`; `npm run test:faults` runs it.

Ends with 0 if every goal was held, 1 if one was missed, 2 for a wrong command line.
"""

import argparse
import sys
from collections.abc import Sequence

from faults import report
from faults.case import Case
from faults.kinds import KINDS
from faults.result import Place, Result, earlier, merged, save
from faults.run import Runner
from faults.service import ROOT
from tools.ports import free_port

_FOLDER = ROOT / "docs" / "benchmarks"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    every = [case for cases in KINDS.values() for case in cases]
    if options.list:
        print("\n".join(f"{case.name:60} {case.done}" for case in every))
        return 0
    unknown = [name for name in options.names if not chosen(every, [name])]
    if unknown:
        print(f"There is no case {', '.join(unknown)} (kinds: {', '.join(KINDS)}; --list has all).", file=sys.stderr)
        return 2
    cases = chosen(every, options.names)
    file = ROOT / ".cache" / "faults.json"
    place = Place.here(ROOT)
    old = earlier(file, place)
    new: list[Result] = []

    def tell(result: Result) -> None:
        # After each: a run that is cut short keeps what it has.
        new.append(result)
        results = merged(old, new, [case.name for case in every])
        save(file, place, results)
        (_FOLDER / "faults.md").write_text(report.page(place, results, len(every)))
        print(_line(result), flush=True)

    Runner(options.port or free_port(), options.minutes, int(options.memory_cap * 2**30)).run(cases, tell)
    missed = [each for each in new if each.missed]
    print(f"\n{sum(each.held for each in new)} held, {len(missed)} missed, {sum(bool(e.skipped) for e in new)} skipped")
    return 1 if missed else 0


def chosen(cases: Sequence[Case], names: Sequence[str]) -> list[Case]:
    """Return the cases of these names or kinds, such as `kills` or `kills/engine`; all of them without a name."""
    if not names:
        return list(cases)
    return [case for case in cases if any(case.name == name or case.name.startswith(f"{name}/") for name in names)]


def _line(result: Result) -> str:
    mark = "-" if result.skipped else "✓" if result.held else "✗"
    why = result.skipped or "; ".join(result.missed)
    return f"{mark} {result.name}" + (f": {why[:600]}" if why else "")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="npm run test:faults --", description="Attack the service and judge it.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="kinds or cases, such as kills or kills/engine")
    parser.add_argument("--minutes", type=float, default=10, help="how long all mixed load lasts (default: 10)")
    parser.add_argument("--port", type=int, default=0, help="port of the service (default: a free one)")
    parser.add_argument(
        "--memory-cap", type=float, default=4, metavar="GB", help="stop a service that takes more memory (default: 4)"
    )
    parser.add_argument("--list", action="store_true", help="list the cases and stop")
    return parser


if __name__ == "__main__":
    sys.exit(main())
