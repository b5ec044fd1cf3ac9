import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.ocr.verdict import Loop, LoopDetector, find_loop, trim
from ocr_app.settings import LoopSettings
from tests.ocr.verdict.honest import documents
from tests.ocr.verdict.loops import guarded, moving_blocks, split, units

SETTINGS = LoopSettings()
INTRO = "# A page\n\nSome words that occur once, as words do, before anything goes wrong here.\n\n"
SENTENCE = "The committee met on Tuesday and adopted the minutes of its last meeting without a vote, as ever. "
PARAGRAPH = SENTENCE * 3 + "(a)\n\n"
HONEST = documents()
MOST = 4_000
"""Tokens by which a loop has to be found."""


def stream(text: str, size: int = 48) -> tuple[Loop | None, int]:
    """Feed a text in pieces; return the loop and how many characters it took."""
    detector = LoopDetector(SETTINGS)
    for start in range(0, len(text), size):
        loop = detector.feed(text[start : start + size])
        if loop is not None:
            return loop, start + size
    return None, len(text)


def stream_tokens(tokens: list[str]) -> tuple[Loop | None, int]:
    """Feed tokens, 16 at a time as the engine does; return the loop and how many tokens it took."""
    detector = LoopDetector(SETTINGS)
    for start in range(0, len(tokens), 16):
        loop = detector.feed("".join(tokens[start : start + 16]))
        if loop is not None:
            return loop, start + 16
    return None, len(tokens)


def prose(seed: int, words: int) -> str:
    rng = random.Random(seed)  # noqa: S311
    return " ".join("".join(rng.choices("abcdefghij", k=rng.randint(2, 9))) for _ in range(words)) + ". "


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_document_is_not_stopped(name: str) -> None:
    loop, at = stream(HONEST[name])
    assert loop is None, f"{loop} after {at} of {len(HONEST[name])} characters"


@pytest.mark.parametrize("before", [0, 300])
@pytest.mark.parametrize("length", [1, 7, 11, 19, 29, 35, 45, 61])
def test_a_loop_under_the_guard_is_found(length: int, before: int) -> None:
    for kind, unit in units(length):
        tokens = guarded(unit, MOST, seed=length, before=split(prose(1, 400))[:before])
        loop, _ = stream_tokens(tokens)
        assert loop is not None, f"{kind}: {''.join(tokens[-80:])!r}"


@pytest.mark.parametrize("step", [0, 3, 14])
@pytest.mark.parametrize("text", ["Jane Example", "服务状态：已通过", "a) The parties agree to what is said above."])
def test_blocks_whose_boxes_move_are_found(text: str, step: int) -> None:
    loop, _ = stream_tokens(split(moving_blocks(text, 400, step))[:MOST])
    assert loop is not None
    assert loop.kind == "repeat"


def test_a_block_at_the_same_place_again_is_found_soon() -> None:
    block = "<|ref|>text<|/ref|><|det|>[[115, 342, 881, 376]]<|/det|>\nJane Example\n12 High Street\n\n"
    loop, at = stream(INTRO + block * 100)
    assert loop is not None
    assert at < len(INTRO) + SETTINGS.prose_chars + 2 * SETTINGS.check_every


def test_prose_is_stopped_after_ten_copies_and_2000_characters() -> None:
    assert stream(INTRO + SENTENCE * 18)[0] is None  # 1,800 characters
    long = prose(3, 45)[:250] + "\n\n"
    assert stream(INTRO + long * 9)[0] is None  # more than 2,000, but 9 copies
    for unit in (SENTENCE, long):
        loop, at = stream(INTRO + unit * 60)
        assert loop is not None
        assert loop.kind == "repeat"
        assert loop.start == pytest.approx(len(INTRO), abs=len(unit))
        assert loop.period == len(unit)
        assert at <= len(INTRO) + max(SETTINGS.prose_chars, 10 * len(unit)) + 2 * SETTINGS.check_every


def test_a_page_again_and_again() -> None:
    page = prose(2, 300)
    loop, at = stream(page * 12)
    assert loop is not None
    assert loop.period == len(page)
    assert at < 12_000


def test_empty_cells_without_end() -> None:
    loop, at = stream(INTRO + "<table><tr>" + "<td></td>" * 3000)
    assert loop is not None
    assert loop.kind in ("table", "row")
    assert at < 5_000


def test_rows_without_end() -> None:
    loop, at = stream(INTRO + "<table>" + "<tr><td>1</td><td>x</td></tr>" * 1000)
    assert loop is not None
    assert loop.kind == "table"
    assert at < 12_000


def test_a_row_whose_cells_differ_but_never_end() -> None:
    cells = "".join(f"<td>{word}</td>" for word in prose(3, 900).split())
    loop, _ = stream("<table><tr>" + cells)
    assert loop is not None
    assert loop.kind == "row"


def test_the_same_line_more_often_than_a_page_has_lines() -> None:
    rng = random.Random(4)  # noqa: S311
    lines = rng.choices(["Hakate Toolbox\n\n", "Hekate Toolbox\n\n", "Hakate ToolBox\n\n"], [8, 1, 1], k=800)
    loop, at = stream("".join(lines))
    assert loop is not None
    assert loop.kind == "noise"
    assert at < 8_000


def test_a_line_of_figures_that_does_not_end() -> None:
    rng = random.Random(5)  # noqa: S311
    loop, at = stream(INTRO + "".join(rng.choices(["-3 ", "-33 ", "-333 "], [6, 3, 1], k=4_000)))
    assert loop is not None
    assert at < 5_000


def test_a_list_that_only_counts() -> None:
    loop, at = stream(INTRO + "".join(f"{n}. The item\n" for n in range(1, 2000)))
    assert loop is not None
    assert loop.kind == "count"
    assert at < 14_000


def test_the_period_of_a_list_that_counts_is_that_of_its_text() -> None:
    text = INTRO + "".join(f"<td>{n}</td>" for n in range(1_000, 4_000))
    loop, _ = stream(text)
    assert loop is not None
    assert (loop.kind, text[loop.start : loop.start + loop.period]) == ("count", "1001</td><td>")


@given(
    st.text(alphabet="abcdef \n", min_size=1, max_size=60).filter(lambda unit: any(c.isalpha() for c in unit)),
    st.text(alphabet="uvwxyz ", max_size=200),
    st.integers(1, 40),
)
def test_any_endless_repetition_is_found(unit: str, before: str, size: int) -> None:
    loop, at = stream(before + unit * (14_000 // len(unit)), size)
    assert loop is not None
    assert at <= 12_500


@given(st.text(max_size=3000), st.integers(1, 50))
def test_any_text_is_survived(text: str, size: int) -> None:
    for loop in (stream(text, size)[0], find_loop(text, SETTINGS)):
        if loop is not None:
            assert 0 <= loop.start < len(text)
            assert loop.period > 0


@pytest.mark.parametrize("before", [6_000, 33_000, 70_000])
def test_a_loop_far_behind_the_window_keeps_its_place(before: int) -> None:
    page = prose(6, before // 5)[:before]
    text = page + PARAGRAPH * 14
    loop, _ = stream(text)
    assert loop is not None
    assert loop.start == pytest.approx(before, abs=len(PARAGRAPH))
    loop = find_loop(text, SETTINGS)
    assert loop is not None
    assert loop.start == pytest.approx(before, abs=len(PARAGRAPH))


@pytest.mark.parametrize("boxes", [20, 700])
def test_boxes_do_not_move_the_place_of_a_loop(boxes: int) -> None:
    rng = random.Random(7)  # noqa: S311
    page = "".join(
        f"<|ref|>text<|/ref|><|det|>[[{rng.randint(0, 99)}, {n}, {rng.randint(99, 999)}, 9]]<|/det|>\n{prose(n, 5)}\n\n"
        for n in range(boxes)
    )
    loop, _ = stream(page + moving_blocks("Jane Example", 300, 7))
    assert loop is not None
    assert loop.start == pytest.approx(len(page), abs=200)
    assert loop.period == pytest.approx(len(moving_blocks("Jane Example", 1, 7)), abs=4)


def test_the_place_of_a_noisy_loop() -> None:
    page = prose(8, 500)
    kind, unit = next(units(45))
    assert kind == "prose"
    loop, _ = stream(page + "".join(guarded(unit, 3_000, seed=1)))
    assert loop is not None
    assert loop.kind == "noise"
    assert loop.start == pytest.approx(len(page), abs=300)
    assert loop.period == pytest.approx(len("".join(unit)), rel=0.2)


def test_at_the_end_half_of_the_length_suffices() -> None:
    text = INTRO + SENTENCE * 12
    assert stream(text)[0] is None
    loop = find_loop(text, SETTINGS)
    assert loop is not None
    assert trim(text, loop).strip() == (INTRO + SENTENCE).strip()
    assert find_loop(INTRO + SENTENCE * 8, SETTINGS) is None


def test_a_form_that_was_cut_off_early_is_no_loop() -> None:
    for name in ("sheet of 24 labels", "n/a rows", "blank form", "questionnaire", "register, all present"):
        assert find_loop(HONEST[name][:3_000], SETTINGS) is None, name
