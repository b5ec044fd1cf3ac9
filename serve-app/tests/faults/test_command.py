from collections import Counter

import pytest

from faults.__main__ import chosen, main
from faults.kinds import KINDS

EVERY = [case for cases in KINDS.values() for case in cases]


def test_every_case_has_a_name_of_its_own_and_goals() -> None:
    assert [name for name, count in Counter(case.name for case in EVERY).items() if count > 1] == []
    assert [case.name for case in EVERY if not case.goals or not case.done] == []
    for kind, cases in KINDS.items():
        assert all(case.name == kind or case.name.startswith(f"{kind}/") for case in cases)


def test_cases_by_kind_and_by_name() -> None:
    assert chosen(EVERY, []) == EVERY
    assert chosen(EVERY, ["kills"]) == list(KINDS["kills"])
    assert [case.name for case in chosen(EVERY, ["kills/api", "rest"])] == ["rest", "kills/api"]
    assert chosen(EVERY, ["kill"]) == []


def test_an_unknown_name_starts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kills", "kill"]) == 2
    assert "There is no case kill (kinds: rest, bodies" in capsys.readouterr().err
