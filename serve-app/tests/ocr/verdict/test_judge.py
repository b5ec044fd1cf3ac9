import pytest

from ocr_app.ocr.verdict import Loop, end_alike, trim, verdict
from tests.ocr.verdict.loops import moving_blocks

LOOP = Loop("repeat", 0, 1, 9)


@pytest.mark.parametrize(
    ("loop", "finished", "attempts", "wanted"),
    [
        (None, True, 1, "ok"),
        (None, True, 3, "repaired"),
        (None, False, 1, "truncated"),
        (None, False, 2, "truncated"),
        (LOOP, False, 4, "looped"),
        (LOOP, True, 1, "ok"),
    ],
)
def test_verdicts(loop: Loop | None, finished: bool, attempts: int, wanted: str) -> None:
    assert verdict(loop=loop, finished=finished, attempts=attempts) == wanted


def test_trimming_keeps_one_copy() -> None:
    assert trim("ab" + "xyz" * 9, Loop("repeat", 2, 3, 9)) == "abxyz"


def test_trimming_noise_keeps_its_row() -> None:
    row = "<tr><td>P</td><td>P</td></tr>"
    assert trim(row * 50, Loop("noise", 0, 10, 100)) == row


def test_two_views_that_end_alike() -> None:
    page = "A beginning.\n\n" + moving_blocks("Jane Example\n12 High Street", 60, 14)
    assert end_alike(page, "Another one.\n\n" + moving_blocks("Jane Example\n12 High Street", 40, 9))
    assert not end_alike(page, page + "What the committee said of the roof, the windows and the organ. " * 30)
