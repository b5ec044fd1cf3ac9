"""The bans are those of the definition, for any history; tests/vllm compares them with vLLM's own."""

import random
from collections.abc import Collection

from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_app.engine.vllm.ngrams import NgramBans


def by_definition(tokens: list[int], size: int, window: int, whitelist: Collection[int]) -> set[int]:
    """Every token that, put behind the newest, makes an n-gram that the window already has."""
    if size < 2:
        return set()
    recent = tokens[-window:]
    grams = {tuple(recent[start : start + size]) for start in range(len(recent) - size + 1)}
    newest = tuple(tokens[1 - size :])
    return {gram[-1] for gram in grams if gram[:-1] == newest} - set(whitelist)


sizes = st.integers(1, 6)
windows = st.integers(1, 40)
# Few different tokens, so that n-grams do come again.
tokens = st.integers(0, 3)
whitelists = st.frozensets(tokens)


@given(sizes, windows, whitelists, st.lists(tokens, max_size=120))
def test_a_history_that_grows_by_one_token(
    size: int, window: int, whitelist: frozenset[int], all_of: list[int]
) -> None:
    so_far: list[int] = []
    bans = NgramBans(so_far, size, window, whitelist)
    for token in all_of:
        so_far.append(token)
        banned = bans.banned()
        assert set(banned) == by_definition(so_far, size, window, whitelist)
        assert len(set(banned)) == len(banned)


@given(sizes, windows, whitelists, st.integers(0, 2**32))
def test_a_history_that_does_not_only_grow(size: int, window: int, whitelist: frozenset[int], seed: int) -> None:
    """Tokens are taken back, several come at once, or none."""
    draw = random.Random(seed)  # noqa: S311
    so_far: list[int] = []
    bans = NgramBans(so_far, size, window, whitelist)
    for _ in range(200):
        chance = draw.random()
        if chance < 0.05:
            del so_far[max(0, len(so_far) - draw.randint(0, 20)) :]
        elif chance < 0.1:
            so_far.extend(draw.choices(range(4), k=draw.randint(0, 4)))
        else:
            so_far.append(draw.randrange(4))
        assert set(bans.banned()) == by_definition(so_far, size, window, whitelist)


def test_a_token_is_replaced_while_the_history_grows_by_one() -> None:
    so_far = [5, 1]
    bans = NgramBans(so_far, 2, 10)
    assert bans.banned() == ()
    so_far[1:] = [2, 3]
    assert bans.banned() == ()
    so_far.append(2)
    assert bans.banned() == [3]


@settings(max_examples=12)
@given(st.sampled_from([(30, 90), (20, 1024), (3, 1024), (2, 8), (20, 20), (50, 30)]), st.integers(0, 2**32))
def test_thousands_of_tokens(sizes: tuple[int, int], seed: int) -> None:
    """A page's text: new words, tables, and loops that the guard lets pass because a word is another each time."""
    draw = random.Random(seed)  # noqa: S311
    size, window = sizes
    so_far: list[int] = []
    bans = NgramBans(so_far, size, window, {1, 2})
    checked = 0
    while len(so_far) < 2_500:
        block = draw.choices(range(draw.choice([3, 50, 100_000])), k=draw.randint(1, 60))
        for _ in range(draw.randint(1, 12)):
            block[draw.randrange(len(block))] = draw.randrange(100_000)
            for token in block * draw.randint(1, 2):
                so_far.append(token)
                banned = bans.banned()
                # The definition is slow: it is asked where there are bans, and for some of the other steps.
                if banned or draw.random() < 0.02:
                    assert set(banned) == by_definition(so_far, size, window, {1, 2})
                    checked += 1
    assert checked


def test_bans_are_missed_nowhere() -> None:
    """The same without leaving out a step."""
    draw = random.Random(1)  # noqa: S311
    so_far: list[int] = []
    bans = NgramBans(so_far, 4, 50)
    found = 0
    for _ in range(3_000):
        so_far.append(draw.randrange(4))
        wanted = by_definition(so_far, 4, 50, ())
        assert set(bans.banned()) == wanted
        found += bool(wanted)
    assert found > 500


def test_what_leaves_the_window_is_forgotten() -> None:
    so_far: list[int] = []
    bans = NgramBans(so_far, 2, 100)
    for token in range(10_000):
        so_far.append(token)
        bans.banned()
    assert len(bans._index) <= 300
