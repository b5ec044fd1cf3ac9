"""Any bytes as a body, mostly shaped like requests: a place in a request, filled with many copies of something."""

import json

from hypothesis import strategies as st

from faults.pages import chat_request

_GOOD = json.dumps(chat_request()).encode()
_IMAGE_PART = json.dumps(chat_request()["messages"][0]["content"][0]).encode()
_HEAD = b'{"model":"deepseek-ocr",'

_URL = b'"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"'

# Begin and end of a request, between which copies of a unit stand.
_PLACES = (
    (b"", b""),
    (_HEAD + b'"messages":[', b"]}"),
    (_HEAD + b'"messages":[{"role":"user","content":[' + _IMAGE_PART + b",", b"]}]}"),
    (_HEAD + b'"messages":[{"role":"user","content":"', b'"}]}'),
    (_HEAD + _URL, b'"}}]}]}'),
    (_HEAD + _URL + b"data:image/png;base64,", b'"}}]}]}'),
    (_GOOD[:-1] + b',"x":', b"}"),
    (_GOOD[:-1] + b',"x":[', b"]}"),
    (_GOOD[:-1] + b',"x":{', b"}}"),
    (_GOOD[:-1] + b',"x":"', b'"}'),
    (_GOOD[:-1] + b',"', b'":1}'),
    (_GOOD[:-1] + b',"stop":[', b"]}"),
    (_GOOD[:-1] + b',"ocr":{"', b'":1}}'),
    (_GOOD[:-1] + b',"temperature":', b"}"),
)
_UNITS = (
    b"[],", b"{},", b"0,", b"null,", b'"",', b"1e999,", b"-1,", b'{"role":"bad"},', b'{"role":"user","content":""},',
    b'{"role":"user","content":[]},', b'{"type":"text","text":"a"},', b'{"type":"image_url"},', _IMAGE_PART + b",",
    b'"a":0,', b'"a":[{}],', b'{"":', b"[", b"{", b"]", b"}", b'"', b"\\", b"\\u0000", b"\\ud83d", b"\\n", b"9", b".",
    b"A", b"=", b"%41", b" ", b"\n", b"\0", b"\xff", b"\xef\xbb\xbf", "é".encode(), "😀".encode(),
)  # fmt: skip


def bodies(limit: int) -> st.SearchStrategy[bytes]:
    """Bodies of at most `limit` bytes: structures repeated up to any size, damaged requests, any bytes."""
    sizes = st.one_of(
        st.integers(0, 2_000),
        st.integers(0, limit),
        st.just(limit),
    )
    units = st.lists(st.sampled_from(_UNITS), min_size=1, max_size=3).map(b"".join) | st.binary(min_size=1, max_size=40)
    shaped = st.builds(_filled, st.sampled_from(_PLACES), units, sizes)
    damaged = st.builds(_damaged, st.integers(0, len(_GOOD)), st.binary(max_size=20), st.integers(0, 20))
    return st.one_of(shaped, shaped, shaped, damaged, st.binary(max_size=2_000))


def _filled(place: tuple[bytes, bytes], unit: bytes, size: int) -> bytes:
    begin, end = place
    copies = max(0, size - len(begin) - len(end)) // len(unit)
    return begin + (unit * copies).removesuffix(b",") + end


def _damaged(at: int, put: bytes, cut: int) -> bytes:
    return _GOOD[:at] + put + _GOOD[at + cut :]
