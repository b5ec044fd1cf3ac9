"""Page ranges: what they choose, and what is wrong with them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.documents.page_ranges import PageRangeError, parse_page_ranges

firsts = st.sampled_from((0, 1))


@pytest.mark.parametrize(
    ("value", "first", "chosen"),
    [
        ("1-3,7", 1, [0, 1, 2, 6]),
        ("10-", 1, [9, 10, 11]),
        (" 2 - 3 , 1 ", 1, [0, 1, 2]),
        ("5,5,4-6", 1, [3, 4, 5]),
        ("11-99", 1, [10, 11]),
        ("0,2-4", 0, [0, 2, 3, 4]),
        ([0, 11], 0, [0, 11]),
        ([3, 1], 1, [0, 2]),
    ],
)
def test_what_is_chosen_of_twelve_pages(value: Any, first: int, chosen: list[int]) -> None:
    assert parse_page_ranges(value, first=first).select(12) == chosen


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "has the part ''"),
        ("1,,2", "has the part ''"),
        ("a", "has the part 'a': write pages"),
        ("-3", "has the part '-3'"),
        ("1.5", "has the part '1.5'"),
        ("٣", "has the part"),
        ("0", "names page 0; the first page is 1"),
        ("5-3", "has the part '5-3', which ends before it begins"),
        ("1" * 10, "has the part"),
        ("1," * 1_000 + "1", "has 1,001 parts; at most 1,000"),
        ([], "names no page"),
        ([True], "has True, which is no page number"),
        ([1.0], "has 1.0, which is no page number"),
        ([-1], "names page -1; the first page is 1"),
        ([10**9], "a page that no document has"),
        (["x" * 900], "has 'xxx"),
        (None, 'must be a string such as "1-3,7"'),
        ({"from": 1}, "must be a string"),
    ],
)
def test_what_is_wrong(value: Any, words: str) -> None:
    with pytest.raises(PageRangeError) as caught:
        parse_page_ranges(value, first=1)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(("value", "first", "words"), [("5", 1, "page 5, but the last"), ([4], 0, "page 4, but the")])
def test_a_page_that_is_not_there(value: Any, first: int, words: str) -> None:
    ranges = parse_page_ranges(value, first=first)
    assert ranges.select(5) == [4]
    with pytest.raises(PageRangeError, match=words):
        ranges.select(4)


@given(st.sets(st.integers(0, 300), min_size=1), firsts, st.integers(301, 400))
def test_lists_and_strings_choose_alike(pages: set[int], first: int, count: int) -> None:
    numbers = [page + first for page in pages]
    by_list = parse_page_ranges(numbers, first=first).select(count)
    assert by_list == sorted(pages)
    assert parse_page_ranges(",".join(map(str, numbers)), first=first).select(count) == by_list


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=6), firsts, st.integers(61, 90))
def test_ranges_choose_what_is_in_them(spans: list[tuple[int, int]], first: int, count: int) -> None:
    ordered = [(min(span), max(span)) for span in spans]
    text = ",".join(f"{start + first}-{end + first}" for start, end in ordered)
    wanted = {page for start, end in ordered for page in range(start, end + 1)}
    assert parse_page_ranges(text, first=first).select(count) == sorted(wanted)


@given(st.text(alphabet="0123456789-, a", max_size=12), firsts, st.integers(1, 20))
def test_any_text_is_a_choice_or_an_error(value: str, first: int, count: int) -> None:
    try:
        chosen = parse_page_ranges(value, first=first).select(count)
    except PageRangeError:
        return
    assert chosen
    assert chosen == sorted(set(chosen))
    assert all(0 <= page < count for page in chosen)
