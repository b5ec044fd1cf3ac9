from faults.report import grouped, page, table
from faults.result import Place
from tests.faults.support import QUIET, result, seen

PLACE = Place("abc1234", "2 cores")


def test_a_row_has_every_figure() -> None:
    what = seen(most=120, after=3, requests=1_623, lost_raw=5, lost_openai=0, longest_s=1.26)
    row = table([[result("kills/api", what=what)]])[-1]
    assert row == (
        "| kills/api | kills/api is done | 1,623 | 5 | 0 | 1.3 s | 4 / 20 / 31 ms | 1 ms | +120 / +3 MiB | 400 → 402 "
        "| a goal | yes |"
    )


def test_what_was_missed_or_skipped_stands_out() -> None:
    results = [result("a/x"), result("a/y", missed=("slow",)), result("b/z", skipped="needs root")]
    text = page(PLACE, results, 5)
    assert "**1 of 2 cases held**; 1 were skipped, 2 not run." in text
    assert "| **no** |" in text
    assert "| skipped |" in text
    assert "- `a/y`: slow" in text
    assert "- `b/z`: needs root" in text
    assert text.index("## A") < text.index("## B") < text.index("## Missed") < text.index("## Skipped")


def test_cases_of_one_list_that_held_are_one_row() -> None:
    slow = seen(QUIET, most=300, requests=1, longest_s=1.5)
    results = [
        result("bodies/each/a", what=seen(requests=1, longest_s=0.1)),
        result("bodies/each/b", what=slow),
        result("bodies/each/c", missed=("slow",)),
        result("bodies/at-once"),
    ]
    rows = grouped(results)
    assert [[each.name for each in row] for row in rows] == [
        ["bodies/each/a", "bodies/each/b"],
        ["bodies/each/c"],
        ["bodies/at-once"],
    ]
    together = table(rows)[2]
    assert together.startswith("| bodies/each | 2 bodies, one after the other; the worst of each figure | 2 |")
    assert "| 1.5 s |" in together
    assert "| +300 / +0 MiB |" in together


def test_words_of_a_service_cannot_break_the_table() -> None:
    text = page(PLACE, [result("a", missed=("a|b\n<c>",))], 1)
    assert "- `a`: a\\|b &lt;c>" in text
