"""Requests that are wrong in their headers, as bytes, by name."""

_POST = b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"
_GET = b"GET /v1/models HTTP/1.1\r\nHost: x\r\n"
_SECOND = b"GET /v1/models HTTP/1.1\r\nHost: smuggled\r\n\r\n"
_CHUNKED_END = b"0\r\n\r\n"


def _lengths(value: bytes) -> bytes:
    return _POST + b"Content-Length: " + value + b"\r\n\r\n{}"


MALFORMED: dict[str, bytes] = {
    "length and chunked": _POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + _CHUNKED_END + _SECOND,
    "chunked and length": _POST
    + b"Transfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n" % len(_CHUNKED_END + _SECOND)
    + _CHUNKED_END
    + _SECOND,
    "two lengths": _POST + b"Content-Length: 2\r\nContent-Length: %d\r\n\r\n{}" % len(b"{}" + _SECOND) + _SECOND,
    "a list of lengths": _lengths(b"2, 2"),
    "chunked twice": _POST
    + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n"
    + _CHUNKED_END
    + _SECOND,
    "chunked in disguise": _POST + b"Transfer-Encoding: xchunked\r\n\r\n" + _CHUNKED_END + _SECOND,
    "chunked with a tab": _POST + b"Transfer-Encoding:\tchunked\r\nContent-Length: 3\r\n\r\n" + _CHUNKED_END + _SECOND,
    "a space before the colon": _POST + b"Content-Length : 2\r\n\r\n{}",
    "a folded header": _POST + b"X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}",
    "line feeds alone": b"GET /v1/models HTTP/1.1\nHost: x\n\n",
    "a length below zero": _lengths(b"-1"),
    "a length with a sign": _lengths(b"+2"),
    "a length in hexadecimal": _lengths(b"0x2"),
    "a length in another script": _lengths("\u0662".encode()),
    "an empty length": _lengths(b""),
    "a length of 40 digits": _lengths(b"9" * 40),
    "a length of 10,000 digits": _lengths(b"9" * 10_000),
    "a chunk of a negative size": _POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
    "a chunk of a huge size": _POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 20 + b"\r\n",
    "a long extension of a chunk": _POST
    + b"Transfer-Encoding: chunked\r\n\r\n2;"
    + b"x" * 2**20
    + b"\r\n{}\r\n"
    + _CHUNKED_END,
    "no host": b"GET /v1/models HTTP/1.1\r\n\r\n",
    "a zero byte in a header": _GET + b"X-A: a\0b\r\n\r\n",
    "bytes that are no ASCII": _GET + b"X-A: \xff\xfe\r\nX-\xff: a\r\n\r\n",
    "a header without a name": _GET + b": a\r\n\r\n",
    "no colon": _GET + b"X-A\r\n\r\n",
    "an unknown method": b"BREW /v1/models HTTP/1.1\r\nHost: x\r\n\r\n",
    "an unknown version": b"GET /v1/models HTTP/9.9\r\nHost: x\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),
    "zeros": bytes(4_096),
    "a path of another host": b"GET http://example.org/v1/models HTTP/1.1\r\nHost: x\r\n\r\n",
    "a path with dots": b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    "a path with a zero byte": b"GET /v1/%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "CONNECT": b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n",
    "an upgrade": _GET
    + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n",
}
"""None of them may bring a second answer, a 5xx or a silence."""

LARGE: dict[str, bytes] = {
    "10,000 headers": _GET + b"".join(b"X-%d: a\r\n" % number for number in range(10_000)) + b"\r\n",
    "a header of 1 MB": _GET + b"X-A: " + b"a" * 2**20 + b"\r\n\r\n",
    "a name of 1 MB": _GET + b"X-" + b"a" * 2**20 + b": a\r\n\r\n",
    "a path of 1 MB": b"GET /" + b"a" * 2**20 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a query of 1 MB": b"GET /v1/models?" + b"a" * 2**20 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a method of 1 MB": b"G" * 2**20 + b" / HTTP/1.1\r\nHost: x\r\n\r\n",
    "a header of 16 MB": _GET + b"X-A: " + b"a" * 2**24 + b"\r\n\r\n",
}
"""As above, by size."""

REQUEST_IDS: dict[str, str] = {
    "no id": "",
    "a good id": "X-Request-Id: my-id_1.2:3\r\n",
    "two ids": "X-Request-Id: first\r\nX-Request-Id: second\r\n",
    "an empty id": "X-Request-Id: \r\n",
    "an id of 129 characters": f"X-Request-Id: {'a' * 129}\r\n",
    "an id of 20 KB": f"X-Request-Id: {'a' * 20_000}\r\n",
    "an id of 1 MB": f"X-Request-Id: {'a' * 2**20}\r\n",
    "an id with a tab": "X-Request-Id: a\tb\r\n",
    "an id with quotes": 'X-Request-Id: "},{"level":"x\r\n',
    "an id that is no ASCII": "X-Request-Id: é\r\n",
}
"""Header lines by name; each answer must have one short id."""
