"""Base64 is cut out of JSON and nothing else changes; values are counted as a parser would count them."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocr_app.api import json_text
from ocr_app.api.json_text import cut_images, too_many_values

SHORT = 8
"""How long Base64 must be here to be cut out."""

texts = st.one_of(
    st.text(max_size=12),
    st.text(alphabet='"\\,[]{}:/ data', max_size=12),
    st.text(alphabet="ABab+/= ", min_size=0, max_size=20).map(lambda text: "data:image/png;base64," + text),
    st.text(alphabet='ABab"\\,é', min_size=0, max_size=20).map(lambda text: "data:image/png;base64," + text),
)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=15,
)


@pytest.fixture(autouse=True, scope="module")
def _short_cuts() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "_CUT_BYTES", SHORT)
        patch.setattr(json_text, "_WINDOW", 16)
        yield


def put_back(value: Any, whole: dict[str, str]) -> Any:
    """The value with its marks replaced by the Base64 that they stand for; keys are left alone."""
    if isinstance(value, dict):
        return {key: put_back(item, whole) for key, item in value.items()}
    if isinstance(value, list):
        return [put_back(item, whole) for item in value]
    if isinstance(value, str):
        for mark, data in whole.items():
            value = value.replace(mark, data)
    return value


@given(documents, st.booleans())
@example({"data:image/png;base64,AAAAAAAAAAAA": "data:image/png;base64,AAAAAAAAAAAA"}, False)
@example(["x" * 9 + "data:", "data:,AAAAAAAAA", 'y"data:,AAAAAAAAAAAA'], True)
@example(["JVBERi0xLjQKAAAA", "JVBER", {"JVBERi0xLjQKAAAA": 'x"JVBERi0xLjQK'}], True)
def test_cutting_changes_long_data_uris_alone(document: Any, spaced: bool) -> None:
    body = json.dumps(document, ensure_ascii=spaced, indent=1 if spaced else None).encode()
    source = cut_images(body)
    # Each piece is the inside of a JSON string.
    whole = {mark: json.loads(b'"' + body[start:end] + b'"') for mark, (start, end) in source.cuts.items()}
    assert put_back(json.loads(source.text), whole) == document
    assert source.keeping(source.cuts).text == source.text
    assert source.keeping(()).text == body


def test_what_is_cut() -> None:
    def cuts(text: str) -> int:
        return len(cut_images(text.encode()).cuts)

    data = "A" * SHORT
    assert cuts(f'["data:image/png;base64,{data}", "data:,{data}"]') == 2
    assert cuts(f'["data:image/png;base64,{data[:-1]}"]') == 0
    assert cuts(f'{{"data:image/png;base64,{data}" \n:1}}') == 0
    assert cuts(f'["see \\"data:,{data}"]') == 0
    assert cuts(f'["data:,\\"{data}\\"{data}"]') == 0
    assert cuts(f'["data:{"x" * 500},{data}"]') == 0
    assert cuts(f'["data:,{data}') == 0


def test_a_data_uri_is_found_wherever_it_starts() -> None:
    for before in range(40):
        assert len(cut_images(b'"' + b" " * before + b'","data:,' + b"A" * SHORT + b'"').cuts) == 1


def test_base64_is_not_in_the_text() -> None:
    data = "AB/+" * 100
    source = cut_images(json.dumps({"a": "data:image/png;base64," + data}).encode())
    ((mark, (start, end)),) = source.cuts.items()
    assert source.body[start:end].decode() == data
    assert source.text.decode() == f'{{"a": "data:image/png;base64,{mark}"}}'
    assert source.mark_in("data:image/png;base64," + mark) == mark
    assert source.mark_in("data:image/png;base64," + data) is None


def values(document: Any) -> int:
    """Values of a document but for itself; an empty container counts as one more."""
    if not isinstance(document, dict | list):
        return 0
    items = list(document.values()) if isinstance(document, dict) else document
    return max(len(items), 1) + sum(values(item) for item in items)


@given(documents, st.booleans())
def test_values_are_counted_outside_of_strings(document: Any, ascii_only: bool) -> None:
    text = json.dumps(document, ensure_ascii=ascii_only).encode()
    count = values(document)
    assert not too_many_values(text, count)
    assert count == 0 or too_many_values(text, count - 1)


def test_too_many_strings_are_too_many_values() -> None:
    assert too_many_values(b'"' * 1_000, 100)
    assert not too_many_values(json.dumps(['"' * 10_000] * 3).encode(), 100)
