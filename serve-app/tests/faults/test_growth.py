from faults.growth import Baseline
from faults.processes import Part

BEGIN = Baseline((Part(1, "Api", 100, 50), Part(2, "Engine", 700, 40), Part(3, "idle worker", 60, 20)))


def test_nothing_new() -> None:
    assert BEGIN.grown(BEGIN.parts) == (0, 0)
    assert (BEGIN.memory, BEGIN.fds) == (860, 110)


def test_growth_of_one_is_not_hidden_by_another() -> None:
    assert BEGIN.grown([Part(1, "Api", 130, 55), Part(2, "Engine", 500, 10)]) == (30, 5)


def test_one_more_replica_is_no_growth_but_a_fat_one_is() -> None:
    assert BEGIN.grown([*BEGIN.parts, Part(9, "Engine", 690, 40)]) == (0, 0)
    assert BEGIN.grown([*BEGIN.parts, Part(9, "Engine", 900, 42)]) == (200, 2)


def test_who_grew() -> None:
    assert BEGIN.growers([Part(1, "Api", 130, 55), Part(2, "Engine", 900, 40), Part(3, "idle worker", 1, 1)]) == [
        ("Engine", 200),
        ("Api", 30),
    ]


def test_a_process_of_a_new_kind_counts_whole() -> None:
    assert BEGIN.grown([*BEGIN.parts, Part(9, "of Engine", 80, 9)]) == (80, 9)
