import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.engine.tokens import Limiter, count, truncate

TEXT = st.text(alphabet="ab 12.\n中é-", max_size=60)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        (" \n", 0),
        ("Hello, world!", 4),
        ("3.14", 3),
        ("naïve Straße", 2),
        ("中文字", 3),
        ("第3页", 3),
        ("a_b-c", 3),
    ],
)
def test_count(text: str, tokens: int) -> None:
    assert count(text) == tokens


@given(TEXT, st.integers(0, 20))
def test_truncating_keeps_a_beginning_of_so_many_tokens(text: str, most: int) -> None:
    kept = truncate(text, most)
    assert text.startswith(kept)
    assert count(kept) == min(most, count(text))


def cut(pieces: list[str], most: int, stop: list[str]) -> tuple[str, str | None]:
    limiter = Limiter(most, stop)
    return "".join([limiter.feed(piece) for piece in pieces] + [limiter.end()]), limiter.finish_reason


@given(TEXT, st.lists(st.integers(0, 60)), st.integers(0, 30), st.lists(st.text("ab1.", max_size=3), max_size=2))
def test_pieces_do_not_matter(text: str, cuts: list[int], most: int, stop: list[str]) -> None:
    places = [0, *sorted(min(place, len(text)) for place in cuts), len(text)]
    pieces = [text[a:b] for a, b in itertools.pairwise(places)]
    whole, _ = cut([text], most, stop)
    assert cut(pieces, most, stop)[0] == whole
    assert not any(sequence in whole for sequence in stop if sequence)


def test_reasons() -> None:
    assert cut(["one two three"], 2, []) == ("one two", "length")
    assert cut(["one two three"], 3, []) == ("one two three", "stop")
    assert cut(["one tw", "o three"], 9, ["two"]) == ("one ", "stop")
    assert cut(["one two"], 9, [""]) == ("one two", "stop")
