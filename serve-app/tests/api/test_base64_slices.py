"""Base64 in slices is accepted and refused as Base64 in one piece is."""

import base64
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocr_app.api import base64_slices
from ocr_app.api.base64_slices import Base64Text
from ocr_app.api.errors import ApiError


@pytest.fixture(autouse=True, scope="module")
def _short_slices() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base64_slices, "_SLICE", 10)
        yield


def decode(text: bytes, *, escaped: bool = False, most: int = 10_000) -> bytes | None:
    around = b"AA" + text + b"=="
    return Base64Text(around, 2, 2 + len(text), escaped=escaped).decode(most, "url")


def in_one_piece(text: bytes) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return None


@given(st.text(alphabet="ABZaz09+/= -", max_size=60).map(str.encode))
@example(b"AAAAAAA=AAAA")
@example(b"AAAA====")
@example(b"AAAAAAAAAAA")
def test_same_as_in_one_piece(text: bytes) -> None:
    wanted = in_one_piece(text)
    if wanted is not None:
        assert decode(text) == wanted
        return
    with pytest.raises(ApiError) as refused:
        decode(text)
    assert (refused.value.status, refused.value.code, refused.value.param) == (400, "invalid_base64", "url")


@given(st.binary(max_size=100), st.randoms(use_true_random=False))
def test_escapes_of_json(data: bytes, random: Any) -> None:
    escapes = {"/": ["/", "\\/", "\\u002F", "\\u002f"], "+": ["+", "\\u002B", "\\u002b"], "=": ["=", "\\u003D"]}
    text = "".join(random.choice(escapes.get(char, [char])) for char in base64.b64encode(data).decode())
    assert decode(text.encode(), escaped=True) == data


def test_escapes_outside_of_json_are_not_base64() -> None:
    with pytest.raises(ApiError):
        decode(b"AAAAAA\\/")


def test_most_bytes() -> None:
    text = base64.b64encode(bytes(30))
    assert decode(text, most=30) == bytes(30)
    assert decode(text, most=29) is None
    assert Base64Text(text, 0, len(text), escaped=False).least_size() <= 30


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (b"AAAAAAAAAAAAAAA_", "URL-safe"),
        (b"AAAAAAAAAAAA\\nAAAA", "line breaks"),
        (b"AAAAAAAA AAAAAAAA", "spaces"),
        (b"AAAAAAAAAAAAAAA", "Its length, 15, is not a multiple of 4"),
        (b"AAAAAAAAAAAAA\\/A", "Its length, 15, is not a multiple of 4"),
    ],
)
def test_hints(text: bytes, hint: str) -> None:
    with pytest.raises(ApiError, match=hint):
        decode(text, escaped=True)
