"""One thing is kept for the next job, and freed when another one takes its place."""

import pytest

from ocr_app.untrusted import kept


def test_keeping() -> None:
    freed: list[str] = []
    made: list[str] = []

    def get(name: str) -> str:
        def make() -> str:
            made.append(name)
            return name

        return kept.keep(name, make, freed.append)

    assert [get("a"), get("a"), get("b"), get("a")] == ["a", "a", "b", "a"]
    assert made == ["a", "b", "a"]
    assert freed == ["a", "b"]
    kept.forget()
    kept.forget()
    assert freed == ["a", "b", "a"]


def test_what_cannot_be_made_is_not_kept() -> None:
    def fail() -> str:
        raise ValueError("nothing")

    freed: list[str] = []
    kept.keep("a", lambda: "a", freed.append)
    with pytest.raises(ValueError, match="nothing"):
        kept.keep("b", fail, freed.append)
    assert freed == ["a"]
    kept.forget()
    assert freed == ["a"]
