"""Forms as clients upload them (multipart/form-data, RFC 7578), read piece by piece with everything bounded.

Not python-multipart: its versions that bound a part's headers do not run on Python 3.10, and which one is in Ray's
image is that image's choice. A form of this service has one file and a few short fields, so the strict half of the RFC
is enough: no text around the parts, no encodings besides the plain one, no nested forms.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError
from ocr_app.api.files.form_headers import header_lines, invalid, value_and_parameters

MAX_HEADER_BYTES = 8 * 2**10
"""Longest headers of one part, together."""

MAX_PARTS = 32
"""Most parts of a form."""

_MAX_NAME = 100
_MAX_FILENAME = 1_000
_BOUNDARY = re.compile(r"[!#$%&'()*+,\-./0-9:=?A-Z^_`a-z{|}~ ]{0,69}[!#$%&'()*+,\-./0-9:=?A-Z^_`a-z{|}~]")
_PLAIN = ("binary", "7bit", "8bit")


@dataclass(frozen=True, slots=True)
class PartBegins:
    """A part's headers.

    Attributes:
        name: Of the field, at most 100 characters.
        filename: As the client sent it, at most 1,000 characters; None for a field that is no file.
        content_type: As the client sent it; empty if it sent none.
    """

    name: str
    filename: str | None
    content_type: str


@dataclass(frozen=True, slots=True)
class PartData:
    """Some of a part's content."""

    data: bytes


@dataclass(frozen=True, slots=True)
class PartEnds:
    """The part is complete."""


Event = PartBegins | PartData | PartEnds


def boundary_of(content_type: str) -> bytes:
    """Return the boundary of a form from the header Content-Type.

    Raises:
        ApiError: 415 if it is no form, 400 if its boundary is missing or cannot be one.
    """
    kind, parameters = value_and_parameters(content_type)
    if kind != "multipart/form-data":
        seen = f"but the Content-Type is {quote(content_type, 80)}" if content_type else "but has no Content-Type"
        raise ApiError(
            415,
            f"The body must be a form with the fields `file` and `purpose` (multipart/form-data), {seen}.",
            code="unsupported_media_type",
        )
    boundary = parameters.get("boundary", "")
    if not _BOUNDARY.fullmatch(boundary):
        raise invalid(
            f"the boundary in the header Content-Type is {quote(boundary, 80)}, not 1 to 70 allowed characters"
        )
    return boundary.encode()


class FormParser:
    """Turns the bytes of a form into events, in whatever pieces they come. It holds one piece and a part's headers.

    Args:
        boundary: From `boundary_of`.
    """

    def __init__(self, boundary: bytes) -> None:
        self._delimiter = b"\r\n--" + boundary
        # As if the line before the first boundary had just ended.
        self._held = bytearray(b"\r\n")
        self._step: Callable[[list[Event]], bool] = self._begin
        self._parts = 0
        self._done = False

    def feed(self, data: bytes) -> list[Event]:
        """Return what the next bytes complete; raise ApiError 400 for what is no form."""
        self._held += data
        events: list[Event] = []
        while self._step(events):
            pass
        return events

    def end(self) -> None:
        """Say that no more bytes come; raise ApiError 400 if the form is not complete."""
        if not self._done:
            raise invalid("it ends before its last boundary")

    # Each step takes its part of what is held, and returns whether another can follow at once.

    def _begin(self, _events: list[Event]) -> bool:
        delimiter = self._delimiter
        if not delimiter.startswith(self._held[: len(delimiter)]):
            raise invalid("it does not begin with the boundary that the header Content-Type names")
        if len(self._held) < len(delimiter):
            return False
        del self._held[: len(delimiter)]
        self._step = self._after_delimiter
        return True

    def _after_delimiter(self, _events: list[Event]) -> bool:
        if len(self._held) < 2:
            return False
        end = bytes(self._held[:2])
        del self._held[:2]
        if end == b"--":
            self._done = True
            self._step = self._rest
            return True
        if end != b"\r\n":
            raise invalid("a boundary is followed by something else than the end of its line")
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise invalid(f"it has more than {MAX_PARTS} parts")
        self._step = self._headers
        return True

    def _headers(self, events: list[Event]) -> bool:
        end = self._held.find(b"\r\n\r\n", 0, MAX_HEADER_BYTES + 4)
        if end < 0:
            if self._held.startswith(b"\r\n"):
                raise invalid("a part has no headers")
            if len(self._held) > MAX_HEADER_BYTES:
                raise invalid(f"the headers of a part have more than {MAX_HEADER_BYTES:,} bytes")
            return False
        block = bytes(self._held[:end])
        # The line end before a boundary may be the one that ends the headers, where the content is empty.
        del self._held[: end + 2]
        events.append(_part(block))
        self._step = self._first_content
        return True

    def _first_content(self, events: list[Event]) -> bool:
        if self._held.startswith(self._delimiter):
            return self._content(events)
        if self._delimiter.startswith(bytes(self._held)):
            return False
        del self._held[:2]
        self._step = self._content
        return True

    def _content(self, events: list[Event]) -> bool:
        at = self._held.find(self._delimiter)
        if at < 0:
            keep = len(self._delimiter) - 1
            if len(self._held) > keep:
                events.append(PartData(bytes(self._held[:-keep])))
                del self._held[:-keep]
            return False
        if at:
            events.append(PartData(bytes(self._held[:at])))
        del self._held[: at + len(self._delimiter)]
        events.append(PartEnds())
        self._step = self._after_delimiter
        return True

    def _rest(self, _events: list[Event]) -> bool:
        if self._held.strip():
            raise invalid("something follows its last boundary")
        self._held.clear()
        return False


def _part(block: bytes) -> PartBegins:
    headers = header_lines(block)
    encoding = headers.get("content-transfer-encoding", "binary").lower()
    if encoding not in _PLAIN:
        raise invalid(f"a part has the Content-Transfer-Encoding {quote(encoding, 40)}; send the bytes as they are")
    kind, parameters = value_and_parameters(headers.get("content-disposition", ""))
    name = parameters.get("name", "")
    if kind != "form-data" or not name:
        raise invalid("a part has no header `Content-Disposition: form-data` with a name")
    if len(name) > _MAX_NAME:
        raise invalid(f"the name {quote(name, 60)} of a part has more than {_MAX_NAME} characters")
    filename = parameters.get("filename")
    if filename is not None and len(filename) > _MAX_FILENAME:
        raise invalid(f"the file name has {len(filename):,} characters; at most {_MAX_FILENAME:,} are accepted")
    return PartBegins(name, filename, headers.get("content-type", ""))
