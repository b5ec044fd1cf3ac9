import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.ocr.verdict import Loop, LoopDetector, find_loop, trim, verdict
from ocr_app.settings import LoopSettings

SETTINGS = LoopSettings()
INTRO = "# A page\n\nSome words that occur once, as words do, before anything goes wrong here.\n\n"
BLOCK = "The committee met on Tuesday and adopted the minutes of its last meeting without a vote. " * 3 + "(a)\n\n"


def stream(text: str, size: int = 7) -> tuple[Loop | None, int]:
    """Feed a text in pieces; return the loop and how many characters it took."""
    detector = LoopDetector(SETTINGS)
    for start in range(0, len(text), size):
        loop = detector.feed(text[start : start + size])
        if loop is not None:
            return loop, start + size
    return None, len(text)


def prose(seed: int, words: int) -> str:
    rng = random.Random(seed)  # noqa: S311
    return " ".join("".join(rng.choices("abcdefghij", k=rng.randint(2, 9))) for _ in range(words)) + ". "


def test_a_repeated_sentence() -> None:
    loop, at = stream(INTRO + "and again and again, " * 400)
    assert loop is not None
    assert (loop.kind, loop.period) == ("repeat", 21)
    assert loop.start == pytest.approx(len(INTRO), abs=21)
    assert at < len(INTRO) + 700


def test_a_repeated_block_counts_from_its_third_copy() -> None:
    assert len(BLOCK) > SETTINGS.block_chars
    loop, at = stream(INTRO + BLOCK * 20)
    assert loop is not None
    assert loop.kind == "repeat"
    assert at <= len(INTRO) + 3 * len(BLOCK) + 2 * SETTINGS.check_every
    assert stream(INTRO + BLOCK * 2 + prose(1, 400))[0] is None


def test_a_block_longer_than_the_guards_window_is_found() -> None:
    page = prose(2, 300)  # far more than 90 tokens
    loop, _ = stream(page * 6)
    assert loop is not None
    assert loop.period == len(page)


def test_empty_cells_without_end() -> None:
    loop, at = stream(INTRO + "<table><tr>" + "<td></td>" * 3000)
    assert loop is not None
    assert loop.kind in ("table", "row")
    assert at < 5_000


def test_rows_without_end() -> None:
    loop, _ = stream(INTRO + "<table>" + "<tr><td>1</td><td>x</td></tr>" * 1000)
    assert loop is not None
    assert loop.kind == "table"


def test_a_row_whose_cells_differ_but_never_end() -> None:
    cells = "".join(f"<td>{word}</td>" for word in prose(3, 900).split())
    loop, _ = stream("<table><tr>" + cells)
    assert loop is not None
    assert loop.kind == "row"


def test_a_list_that_only_counts() -> None:
    loop, _ = stream(INTRO + "".join(f"{n}. The item\n" for n in range(1, 2000)))
    assert loop is not None
    assert loop.kind == "count"


@pytest.mark.parametrize(
    "page",
    [
        prose(4, 2000),
        "Contents\n" + "".join(f"{n}. {prose(n, 3)} {'.' * 80} {n * 3}\n" for n in range(60)),
        "_" * 300 + "\nName\n" + "_" * 300,
        "<table>" + ("<tr>" + "<td></td>" * 12 + "</tr>") * 25 + "</table>" + prose(5, 100),
        "<table>" + ("<tr>" + "<td>0</td>" * 8 + "</tr>") * 30 + "</table>",
        "<table>" + "".join(f"<tr><td>{n}</td><td></td><td></td></tr>" for n in range(100)) + "</table>",
        "\n".join(f"| {n * n * 7919 % 9000 + 1000} | {n} | N/A |" for n in range(200)),
        "N/A\n" * 60,
        "Yes " * 50,
    ],
)
def test_honest_repetition_is_no_loop(page: str) -> None:
    assert stream(page)[0] is None
    assert find_loop(page, SETTINGS) is None


@given(
    st.text(alphabet="abcdef \n", min_size=1, max_size=60).filter(lambda unit: any(c.isalpha() for c in unit)),
    st.text(alphabet="uvwxyz ", max_size=200),
    st.integers(1, 40),
)
def test_any_endless_repetition_is_found_soon(unit: str, before: str, size: int) -> None:
    loop, at = stream(before + unit * (3_000 // len(unit)), size)
    assert loop is not None
    assert len(unit) % loop.period == 0
    assert at <= len(before) + SETTINGS.min_chars + 5 * len(unit) + 2 * SETTINGS.check_every + 2 * size


@given(st.text(max_size=3000), st.integers(1, 50))
def test_any_text_is_survived(text: str, size: int) -> None:
    loop, _ = stream(text, size)
    if loop is not None:
        assert 0 <= loop.start < len(text)
        assert loop.period * loop.repeats <= len(text)


def test_a_loop_far_behind_the_window_keeps_its_place() -> None:
    page = prose(6, 8000)
    loop, _ = stream(page + BLOCK * 10, 50)
    assert loop is not None
    assert loop.start == pytest.approx(len(page), abs=len(BLOCK))


def test_trimming_keeps_one_copy() -> None:
    text = INTRO + BLOCK * 6
    loop = find_loop(text, SETTINGS)
    assert loop is not None
    assert trim(text, loop).strip() == (INTRO + BLOCK).strip()


def test_watching_is_cheap() -> None:
    """A page of 30,000 characters in pieces of 4 costs little beside the 8,000 tokens that it took."""
    page = prose(7, 5000)[:30_000]
    began = time.process_time()
    assert stream(page, 4)[0] is None
    assert time.process_time() - began < 0.25


@pytest.mark.parametrize(
    ("loop", "finished", "attempts", "wanted"),
    [
        (None, True, 1, "ok"),
        (None, True, 3, "repaired"),
        (None, False, 1, "truncated"),
        (None, False, 2, "truncated"),
        (Loop("repeat", 0, 1, 9), False, 4, "looped"),
        (Loop("repeat", 0, 1, 9), True, 1, "looped"),
    ],
)
def test_verdicts(loop: Loop | None, finished: bool, attempts: int, wanted: str) -> None:
    assert verdict(loop=loop, finished=finished, attempts=attempts) == wanted
