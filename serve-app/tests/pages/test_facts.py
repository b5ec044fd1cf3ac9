"""The checker of facts is itself checked: it must be able to fail."""

import pytest

from tests.pages.facts import Fact, check, fold

PAGE = """# The “Old” Bridge

It was built in 1788 — of brick — and it still stands.

| Arch | Built | Moved |
| --- | --- | --- |
| First | 1788 | $0.4 |
| Second | 1912 | 3.1 |

The end.
"""


@pytest.mark.parametrize(
    "fact",
    [
        {"type": "present", "text": 'the "old" bridge it was'},
        {"type": "present", "text": "of brick - and it still stands"},
        {"type": "present", "text": "of brack - and it still stands", "max_diffs": 1},
        {"type": "absent", "text": "page 12"},
        {"type": "order", "before": "Old", "after": "The end"},
        {"type": "table", "cell": "1912", "up": "1788", "left": "Second", "right": "3.1", "top_heading": "Built"},
        {"type": "table", "cell": "0.4", "down": "3.1", "left_heading": "First"},
    ],
)
def test_holds(fact: Fact) -> None:
    assert check(fact, PAGE) is None


@pytest.mark.parametrize(
    "fact",
    [
        {"type": "present", "text": "of brack"},
        {"type": "present", "text": "of wood, and it fell", "max_diffs": 2},
        {"type": "absent", "text": "STILL STANDS"},
        {"type": "order", "before": "The end", "after": "Old"},
        {"type": "order", "before": "Old", "after": "nowhere"},
        {"type": "table", "cell": "1912", "up": "First"},
        {"type": "table", "cell": "3.1", "top_heading": "Built"},
        {"type": "table", "cell": "4.2"},
    ],
)
def test_fails(fact: Fact) -> None:
    assert check(fact, PAGE)


def test_an_unknown_type_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown type of fact: 'colour'"):
        check({"type": "colour"}, PAGE)


def test_a_table_needs_a_table() -> None:
    assert check({"type": "table", "cell": "1788"}, "1788") == "cell '1788': the text has no table"


def test_folding() -> None:
    assert fold("## „Größe“ – “x”\n\n- **a**") == 'größe" - "x" a'.replace('größe"', '"größe"')
