from hypothesis import given
from hypothesis import strategies as st

from bench.facts.matching import contains, normalize

LETTERS = st.text("abc ", min_size=1, max_size=40)


def test_normalize() -> None:
    assert normalize("## „Größe‟ – “x”\n\n- **a**\u0085\u00b5") == '## "Größe‟ - "x" - a \u03bc'


@given(LETTERS, st.text("abc ", min_size=1, max_size=12), st.integers(0, 4))
def test_contains_finds_what_trying_every_place_finds(page: str, text: str, max_diffs: int) -> None:
    if len(page) > len(text):
        places = [page[max(0, start) : start + len(text)] for start in range(1 - len(text), len(page))]
        assert contains(page, text, max_diffs) == any(contains(place, text, max_diffs) for place in places)
