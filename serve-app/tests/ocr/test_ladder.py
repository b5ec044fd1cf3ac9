import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.ocr.ladder import Attempt, best, plan, strips
from ocr_app.ocr.modes import Mode
from ocr_app.settings import LadderSettings

MODES: list[Mode] = ["tiny", "small", "base", "large", "gundam"]


def test_the_ladder_by_value() -> None:
    later = {"temperature": 0.2, "ngram_size": 20, "window_size": 1024}
    assert plan("gundam", LadderSettings(), height=2000) == (
        Attempt("first", "gundam"),
        Attempt("sampling", "gundam", seed=1, **later),  # type: ignore[arg-type]
        Attempt("mode", "base", seed=2, **later),  # type: ignore[arg-type]
        Attempt("tiles", "gundam", seed=3, tiles=2, **later),  # type: ignore[arg-type]
    )


def test_a_low_page_is_not_cut() -> None:
    assert [attempt.tiles for attempt in plan("base", LadderSettings(), height=100)] == [1, 1, 1]


@given(st.sampled_from(MODES), st.integers(1, 8), st.integers(1, 9000))
def test_the_ladder_is_bounded_and_begins_with_what_was_asked(mode: Mode, most: int, height: int) -> None:
    attempts = plan(mode, LadderSettings(max_attempts=most), height=height)
    assert 1 <= len(attempts) <= most
    assert attempts[0] == Attempt("first", mode)
    assert len(set(attempts)) == len(attempts)


@given(st.integers(1, 6), st.floats(0, 0.25))
def test_strips_cover_the_page(count: int, overlap: float) -> None:
    parts = strips(count, overlap)
    assert parts[0].top == 0
    assert parts[-1].bottom == 1
    for above, below in zip(parts[:-1], parts[1:], strict=True):  # noqa: RUF007
        assert above.bottom >= below.top
        assert above.bottom - below.top == pytest.approx(overlap, abs=1e-9)


def test_the_attempt_that_got_farthest_is_kept() -> None:
    assert best([10, 500, 20]) == 1
    assert best([7, 7]) == 0
