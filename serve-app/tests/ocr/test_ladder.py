from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.ocr.ladder import Attempt, best, plan, strips
from ocr_app.ocr.modes import Mode
from ocr_app.settings import LadderSettings

MODES: list[Mode] = ["tiny", "small", "base", "large", "gundam"]


def test_the_ladder_by_value() -> None:
    assert plan("gundam", LadderSettings(), height=2000, more_tiles=True) == (
        Attempt("first", "gundam"),
        Attempt("mode", "base"),
        Attempt("tiles", "gundam", max_tiles=9),
        Attempt("halves", "gundam", strips=2),
    )


def test_no_attempt_repeats_a_view() -> None:
    assert [attempt.name for attempt in plan("base", LadderSettings(), height=2000)] == ["first", "mode", "halves"]


def test_a_model_without_modes_gets_its_own_guard_and_then_halves() -> None:
    later = Attempt("guard", "gundam", temperature=0.2, ngram_size=20, window_size=90, seed=1)
    assert plan("gundam", LadderSettings(), height=2000, has_modes=False) == (
        Attempt("first", "gundam"),
        later,
        replace(later, name="halves", strips=2),
    )


def test_a_low_page_is_not_cut() -> None:
    assert [attempt.strips for attempt in plan("base", LadderSettings(), height=100)] == [1, 1]


@given(st.sampled_from(MODES), st.integers(1, 8), st.integers(1, 9000), st.booleans(), st.booleans())
def test_the_ladder_is_bounded_and_begins_with_what_was_asked(
    mode: Mode, most: int, height: int, has_modes: bool, more_tiles: bool
) -> None:
    settings = LadderSettings(max_attempts=most)
    attempts = plan(mode, settings, height=height, has_modes=has_modes, more_tiles=more_tiles)
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
