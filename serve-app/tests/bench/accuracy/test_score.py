import pytest

from bench.accuracy.rules import Rule
from bench.accuracy.score import Share, Verdict, interval, overall, share, shares


def verdict(category: str, passed: bool, document: str = "a.pdf") -> Verdict:
    return Verdict(Rule(category, "id", document, 1, "present", {}), None if passed else "missing")


VERDICTS = [verdict("b", True), verdict("a", False, "faxed/a.png"), verdict("b", False), verdict("b", True)]


def test_shares_are_counted_by_category_and_folder() -> None:
    assert share(VERDICTS) == Share(2, 4)
    assert shares(VERDICTS, lambda rule: rule.category) == {"b": Share(2, 3), "a": Share(0, 1)}
    assert shares(VERDICTS, lambda rule: rule.group) == {"faxed": Share(0, 1)}


def test_a_category_counts_alike_whatever_its_size() -> None:
    assert overall([Share(90, 90), Share(0, 10)]) == 0.5


def test_the_interval_is_that_of_a_bootstrap() -> None:
    low, high = interval([Share(50, 100)])
    assert low == pytest.approx(0.4, abs=0.02)  # half, give or take twice its standard error of 5 %
    assert high == pytest.approx(0.6, abs=0.02)
    assert interval([Share(50, 100)]) == (low, high)
    assert interval([Share(5, 5), Share(0, 7)]) == (0.5, 0.5)


def test_more_categories_make_the_interval_narrower() -> None:
    one, four = interval([Share(50, 100)]), interval([Share(50, 100)] * 4)
    assert four[1] - four[0] < 0.6 * (one[1] - one[0])
