"""Base64 in slices is accepted and refused as Base64 in one piece is, and as clients write it."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

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
    chars = text.translate(bytes.maketrans(b"-_", b"+/"), b" ")
    core = chars.rstrip(b"=")
    if b"=" in core or len(core) % 4 == 1 or (b" " in text and len(chars) % 4):
        return None
    return base64.b64decode(core + b"=" * (-len(core) % 4), validate=True)


@given(st.text(alphabet="ABZaz09+/= -_", max_size=60).map(str.encode))
@example(b"AAAAAAA=AAAA")
@example(b"AAAA====")
@example(b"AAAAAAAAAAA")
@example(b"AAAAAAAAA=          =         ")
def test_same_as_in_one_piece(text: bytes) -> None:
    wanted = in_one_piece(text)
    if wanted is not None:
        assert decode(text) == wanted
        return
    with pytest.raises(ApiError) as refused:
        decode(text)
    assert (refused.value.status, refused.value.code, refused.value.param) == (400, "invalid_base64", "url")


def wrapped(text: str, end: str) -> str:
    return end.join(text[i : i + 7] for i in range(0, len(text), 7)) + end


LOOSE: dict[str, Callable[[str], str]] = {
    "lines": lambda text: wrapped(text, "\n"),
    "lines of Windows": lambda text: wrapped(text, "\r\n"),
    "indented lines": lambda text: "\n\t" + wrapped(text, "\n\t"),
    "spaces": lambda text: " " + wrapped(text, " "),
    "URL-safe": lambda text: text.replace("+", "-").replace("/", "_"),
    "without padding": lambda text: text.rstrip("="),
    "URL-safe without padding": lambda text: text.replace("+", "-").replace("/", "_").rstrip("="),
    "percent-encoded": lambda text: quote(text, safe=""),
    "percent-encoded lines": lambda text: quote(wrapped(text, "\n"), safe=""),
    "percent-encoded in small letters": lambda text: re.sub("%..", lambda code: code[0].lower(), quote(text, safe="")),
}


@pytest.mark.parametrize("escaped", [False, True])
@pytest.mark.parametrize("write", LOOSE.values(), ids=LOOSE.keys())
@given(data=st.binary(max_size=60))
def test_what_has_one_meaning_is_read(write: Callable[[str], str], escaped: bool, data: bytes) -> None:
    text = write(base64.b64encode(data).decode())
    assert decode((json.dumps(text)[1:-1] if escaped else text).encode(), escaped=escaped) == data


@given(st.binary(max_size=60))
def test_any_escape_of_json_is_read(data: bytes) -> None:
    text = "".join(f"\\u{ord(char):04x}" for char in base64.b64encode(data).decode())
    assert decode(text.encode(), escaped=True) == data


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
    assert decode(text + b"\n", most=29) is None


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (b"AAAA@AAAAAAAAAAA", "It holds '@', which no Base64 has"),
        (b"AAAA%zzAAAAAAAAA", "It holds '%'"),
        (b"AAAA%41AAAAAAAAA", "It holds '%'"),
        (b"AAAAAAAAAAAAA", "It is cut off"),
        (b"AAA AAAA AAAAAAAA", "spaces, which may have been [+] before a form was decoded"),
        (b"AAAAAAA=AAAA", "goes on after the ="),
        (b"data:image/png;base64,AAAA", "Its data: prefix stands there twice"),
        (b"b'AAAA'", "how Python prints bytes"),
        (b'b\\"AAAA\\"', "how Python prints bytes"),
        (b"AAAAAAAA\\q", r"not valid Base64\.$"),
        ("AAAAÄAA".encode(), "It holds 'Ä'"),
    ],
)
def test_hints(text: bytes, hint: str) -> None:
    with pytest.raises(ApiError) as refused:
        decode(text, escaped=True)
    assert re.search(hint, refused.value.message)
