"""Forms, whole and in pieces, and what is none."""

import itertools

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_app.api.errors import ApiError
from ocr_app.api.files.form_headers import MAX_HEADERS
from ocr_app.api.files.multipart import (
    MAX_HEADER_BYTES,
    MAX_PARTS,
    Event,
    FormParser,
    PartBegins,
    PartData,
    PartEnds,
    boundary_of,
)
from tests.api.files.support import form, part

FIELD = part(b'Content-Disposition: form-data; name="purpose"', b"ocr")


def parse(*pieces: bytes, boundary: bytes = b"XX") -> list[tuple[str, str | None, str, bytes]]:
    """Read a form that comes in pieces; each part as name, file name, type and content."""
    parser = FormParser(boundary)
    events: list[Event] = [event for piece in pieces for event in parser.feed(piece)]
    parser.end()
    parts: list[tuple[str, str | None, str, bytes]] = []
    for event in events:
        if isinstance(event, PartBegins):
            parts.append((event.name, event.filename, event.content_type, b""))
        elif isinstance(event, PartData):
            parts[-1] = (*parts[-1][:3], parts[-1][3] + event.data)
    assert sum(isinstance(event, PartEnds) for event in events) == len(parts)
    return parts


def problem(*pieces: bytes) -> str:
    with pytest.raises(ApiError) as caught:
        parse(*pieces)
    assert (caught.value.status, caught.value.code) == (400, "invalid_multipart")
    return caught.value.message


CONTENT = b"a\r\nb\r\n--X\r\n--XY\r--XX\n--XX\r\n\r\n--"
BODY = form(FIELD, part(b'content-disposition: form-data; name=file; filename="a.bin"\r\nContent-Type: x/y', CONTENT))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 10_000])
def test_in_pieces_of_any_size(size: int) -> None:
    pieces = [BODY[at : at + size] for at in range(0, len(BODY), size)]
    assert parse(*pieces) == [("purpose", None, "", b"ocr"), ("file", "a.bin", "x/y", CONTENT)]


@given(content=st.binary(max_size=300), cuts=st.lists(st.integers(0, 600), max_size=6))
def test_any_content_as_httpx_writes_it(content: bytes, cuts: list[int]) -> None:
    request = httpx.Request("POST", "http://x", files={"file": ("n.pdf", content)}, data={"purpose": "ocr"})
    body, boundary = request.read(), boundary_of(request.headers["content-type"])
    ends = sorted({0, len(body), *(min(cut, len(body)) for cut in cuts)})
    pieces = [body[start:end] for start, end in itertools.pairwise(ends)]
    assert parse(*pieces, boundary=boundary) == [
        ("purpose", None, "", b"ocr"),
        ("file", "n.pdf", "application/pdf", content),
    ]


@given(st.lists(st.sampled_from([b"--XX", b"\r\n", b"--", b"X", b": ", b'form-data; name="a"', b";"]), max_size=12))
def test_what_is_no_form_is_an_error_of_the_client(tokens: list[bytes]) -> None:
    body = b"".join(tokens)
    with pytest.raises(ApiError, match="The form cannot be read"):
        parse(body + b"\r\n--XX")


def test_an_empty_part() -> None:
    empty = b'Content-Disposition: form-data; name="a"\r\n\r\n'
    assert parse(form(empty)) == [("a", None, "", b"")]
    # The line end before the boundary may be the one after the headers.
    assert parse(b"--XX\r\n" + empty + b"--XX--") == [("a", None, "", b"")]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('name="file"; filename="Übersicht 2026 年.pdf"', "Übersicht 2026 年.pdf"),
        ("name=file; filename=plain.pdf", "plain.pdf"),
        ('name="file"; filename="a\\"b\\\\c;d.pdf"', 'a"b\\c;d.pdf'),
        ('name="file"; filename="x"; filename*=UTF-8\'\'na%C3%AFve%20%E2%82%AC.pdf', "naïve €.pdf"),
        ('name="file"; filename=""', ""),
        ('name="file"', None),
    ],
)
def test_file_names(header: str, name: str | None) -> None:
    body = form(part(f"Content-Disposition: form-data; {header}".encode(), b"x"))
    assert parse(body) == [("file", name, "", b"x")]


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("multipart/form-data; boundary=abc", b"abc"),
        ('Multipart/Form-Data; charset=utf-8; Boundary="a b:c"', b"a b:c"),
        (
            "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW",
            b"----WebKitFormBoundary7MA4YWxkTrZu0gW",
        ),
    ],
)
def test_boundaries(content_type: str, boundary: bytes) -> None:
    assert boundary_of(content_type) == boundary


@pytest.mark.parametrize("content_type", ["", "application/json", "multipart/mixed; boundary=a"])
def test_other_bodies_are_415(content_type: str) -> None:
    with pytest.raises(ApiError, match="must be a form") as caught:
        boundary_of(content_type)
    assert caught.value.status == 415


@pytest.mark.parametrize(
    "boundary", ["", "boundary=", "boundary=" + "a" * 71, 'boundary="ends with space "', "boundary=é"]
)
def test_boundaries_that_are_none(boundary: str) -> None:
    with pytest.raises(ApiError, match="boundary") as caught:
        boundary_of(f"multipart/form-data; {boundary}")
    assert caught.value.status == 400


GOOD = b'Content-Disposition: form-data; name="a"'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "ends before its last boundary"),
        (b"hello", "does not begin with the boundary"),
        (b"--YY\r\n", "does not begin with the boundary"),
        (BODY[:-9], "ends before its last boundary"),
        (BODY[:40], "ends before its last boundary"),
        (form(FIELD, end=b"--XX?\r\n"), "followed by something else"),
        (form(FIELD) + b"more", "something follows its last boundary"),
        (form(b"\r\nx"), "has no headers"),
        (form(part(b"Content-Type: x/y", b"")), "no header `Content-Disposition: form-data`"),
        (form(part(b'Content-Disposition: attachment; name="a"', b"")), "no header `Content-Disposition: form-data`"),
        (form(part(b"Content-Disposition: form-data", b"")), "with a name"),
        (form(part(GOOD + b'; name="b"', b"")), "has 'name' twice"),
        (form(part(GOOD + b'; filename="b', b"")), "is damaged"),
        (form(part(GOOD + b"\r\n" + GOOD, b"")), "twice"),
        (form(part(GOOD + b"\r\n folded", b"")), "is no header"),
        (form(part(GOOD + b"\r\nA: \x00", b"")), "is no header"),
        (form(part(b'Content-Disposition: form-data; name="\xff"', b"")), "not UTF-8"),
        (form(part(b"Content-Disposition: form-data; name=a; filename*=latin1''%FC", b"")), "is not in UTF-8"),
        (form(part(GOOD + b"\r\nContent-Transfer-Encoding: base64", b"QQ==")), "send the bytes as they are"),
        (form(part(b'Content-Disposition: form-data; name="' + b"n" * 101 + b'"', b"")), "more than 100"),
        (form(part(GOOD + b'; filename="' + b"n" * 1_001 + b'"', b"")), "at most 1,000"),
        (form(*[part(GOOD, b"")] * (MAX_PARTS + 1)), f"more than {MAX_PARTS} parts"),
        (form(part(b"\r\n".join([GOOD] + [b"h%d: x" % n for n in range(MAX_HEADERS)]), b"")), "more than 16 headers"),
        (b"--XX\r\nA: " + b"x" * MAX_HEADER_BYTES, "headers of a part have more than"),
    ],
)
def test_broken_forms(body: bytes, reason: str) -> None:
    assert reason in problem(body)


def test_little_is_held_whatever_comes() -> None:
    parser = FormParser(b"XX")
    parser.feed(b"--XX\r\n" + GOOD + b"\r\n\r\n")
    for _ in range(50):
        events = parser.feed(b"\r\n--X" * 20_000)
        assert sum(len(event.data) for event in events if isinstance(event, PartData)) > 99_000
        assert len(parser._held) < 10
