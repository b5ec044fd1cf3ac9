from pathlib import Path

from faults.result import Place, earlier, merged, save
from tests.faults.support import result

PLACE = Place("abc1234", "2 cores")


def test_results_come_back_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "new" / "faults.json"
    results = [result("a", missed=("slow",)), result("b", skipped="needs root")]
    save(file, PLACE, results)
    assert earlier(file, PLACE) == results
    assert earlier(file, Place("def5678", "2 cores")) == []
    assert earlier(file, Place("abc1234", "4 cores")) == []


def test_no_results_to_begin_with(tmp_path: Path) -> None:
    assert earlier(tmp_path / "none.json", PLACE) == []
    broken = tmp_path / "broken.json"
    broken.write_text('{"place": {"commit": "abc1234", "machine": "2 cores"}}')
    assert earlier(broken, PLACE) == []


def test_new_results_replace_old_ones_of_the_same_case() -> None:
    old = [result("a"), result("gone"), result("b")]
    new = [result("b", missed=("slow",)), result("c")]
    assert [(each.name, each.held) for each in merged(old, new, ["c", "a", "b", "d"])] == [
        ("c", True),
        ("a", True),
        ("b", False),
    ]
