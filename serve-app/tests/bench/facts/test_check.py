"""The checker of facts is itself checked: it must be able to fail, and to judge as its twin in TypeScript does."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.facts import Fact, check, failures

ROOT = Path(__file__).parents[4]
# The same cases run in tests/deploy/score/facts.test.ts.
CASES = [json.loads(line) for line in (ROOT / "tests" / "facts" / "cases.jsonl").read_text("utf-8").splitlines()]

PAGE = """# The “Old” Bridge

It was built in 1788 — of brick — and it still stands.

| Arch | Built | Moved |
| --- | --- | --- |
| First | 1788 | $0.4 |
| Second | 1912 | 3.1 |

The end.
"""


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases(case: dict[str, Any]) -> None:
    reason = check(case["fact"], case["page"])
    assert (reason is None) == case["holds"], reason


@pytest.mark.parametrize(
    "fact",
    [
        {"type": "present", "text": 'The "Old" Bridge It was'},
        {"type": "present", "text": "of brick - and it still stands"},
        {"type": "present", "text": "of brack - and it still stands", "max_diffs": 1},
        {"type": "absent", "text": "page 12"},
        {"type": "order", "before": "Old", "after": "The end"},
        {"type": "table", "cell": "1912", "up": "1788", "left": "Second", "right": "3.1", "top_heading": "Built"},
        {"type": "table", "cell": "$0.4", "down": "3.1", "left_heading": "First"},
    ],
)
def test_holds(fact: Fact) -> None:
    assert check(fact, PAGE) is None


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        (
            {"type": "present", "text": "of brack"},
            "'of brack' is missing (allowed: 0 characters); nearest is 'of brick'",
        ),
        ({"type": "present", "text": "of wood, and it fell", "max_diffs": 2}, "is missing (allowed: 2 characters)"),
        ({"type": "absent", "text": "still stands"}, "'still stands' should be absent; found 'still stands'"),
        ({"type": "order", "before": "The end", "after": "Old"}, "'The end' should come before 'Old'"),
        ({"type": "order", "before": "Old", "after": "nowhere"}, "'nowhere' is missing (allowed: 0 characters)"),
        ({"type": "table", "cell": "1912", "up": "First"}, "cell '1912' in row 2, column 1: wrong up"),
        ({"type": "table", "cell": "3.1", "top_heading": "Built"}, "wrong top_heading"),
        ({"type": "table", "cell": "4.2"}, "no cell '4.2' in 1 tables"),
    ],
)
def test_fails_and_says_why(fact: Fact, why: str) -> None:
    assert why in (check(fact, PAGE) or "")


def test_failures_name_the_facts_that_do_not_hold() -> None:
    facts = [{"type": "present", "text": "brick"}, {"id": "wood", "type": "absent", "text": "brick"}]
    assert failures(facts, PAGE) == ["wood: 'brick' should be absent; found 'brick'"]


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        ({"type": "colour"}, "unknown type of fact: 'colour'"),
        ({"type": "present", "text": "**"}, "text of the fact 'present' is empty"),
        ({"type": "order", "before": "First", "after": "Then that", "max_diffs": 3}, "half of a text at most"),
    ],
)
def test_what_is_no_fact_is_an_error(fact: Fact, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check(fact, PAGE)


def test_a_table_needs_a_table() -> None:
    assert check({"type": "table", "cell": "1788"}, "1788") == "cell '1788': the text has no table"
