import pytest

from bench.accuracy.baseline import check


@pytest.mark.parametrize(
    ("rule", "page", "why"),
    [
        ({}, "Two words", None),
        ({}, "| --- |", "no letter and no digit"),
        ({}, "word " + "ab" * 30, None),
        ({}, "word " + "ab" * 31, "ends with 31 times the same 2 characters"),
        ({}, "word" + "\n \n" * 31, None),
        ({}, "word" + "-" * 31, "ends with 31 times the same 1 characters"),
        ({"max_repeats": 2}, "one two two two ", "ends with 3 times the same 4 characters"),
        ({}, "a 二 b", "characters that the page does not have: '二'"),
        ({"check_disallowed_characters": False}, "a 二 b", None),
        ({"max_length": 10}, "", None),
        ({"max_length": 10}, "1234567890 !?", None),
        ({"max_length": 10}, "12345678901", "11 letters and digits on a page that has 10 at most"),
        ({"max_length": 3}, "![A long text](page.png)", "16 letters and digits on a page that has 3 at most"),
        ({"max_length": 3, "max_length_skips_image_alt_tags": True}, "![A long text](page.png)", None),
    ],
)
def test_baseline(rule: dict[str, object], page: str, why: str | None) -> None:
    assert check(rule, page) == why
