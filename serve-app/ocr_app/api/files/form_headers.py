"""The headers of a form and of its parts: names, values, parameters."""

import re
from urllib.parse import unquote

from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError

MAX_HEADERS = 16
"""Most headers of one part."""

_TOKEN = re.compile(r"[!#$%&'*+\-.0-9A-Z^_`a-z|~]+")
# A backslash hides the quote after it; browsers and httpx write %22 instead.
_PARAMETER = re.compile(r';\s*([!#$%&\'*+\-.0-9A-Z^_`a-z|~]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^\s;"]*))\s*', re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\])')


def invalid(reason: str, param: str | None = None) -> ApiError:
    """Return the answer for a broken form."""
    return ApiError(400, f"The form cannot be read: {reason}.", param=param, code="invalid_multipart")


def header_lines(block: bytes) -> dict[str, str]:
    """Return a part's headers by their names in lower case; raise ApiError 400 for what is none."""
    lines = block.split(b"\r\n")
    if len(lines) > MAX_HEADERS:
        raise invalid(f"a part has more than {MAX_HEADERS} headers")
    headers: dict[str, str] = {}
    for line in lines:
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise invalid("the headers of a part are not UTF-8") from None
        name, colon, value = text.partition(":")
        if not colon or not _TOKEN.fullmatch(name) or any(ord(letter) < 32 and letter != "\t" for letter in value):
            raise invalid(f"{quote(text, 60)} is no header of a part")
        if name.lower() in headers:
            raise invalid(f"a part has the header {quote(name, 60)} twice")
        headers[name.lower()] = value.strip()
    return headers


def value_and_parameters(header: str) -> tuple[str, dict[str, str]]:
    """Return the value of a header such as `form-data; name="file"` in lower case, and its parameters by name.

    Raises:
        ApiError: 400 if it is damaged or has a parameter twice.
    """
    value, semicolon, rest = header.partition(";")
    parameters: dict[str, str] = {}
    at, text = 0, semicolon + rest
    while at < len(text):
        found = _PARAMETER.match(text, at)
        if found is None:
            if not text[at:].strip("; \t"):
                break
            raise invalid(f"the header value {quote(header, 80)} is damaged")
        name = found[1].lower()
        if name in parameters:
            raise invalid(f"the header value {quote(header, 80)} has {quote(name, 40)} twice")
        parameters[name] = _ESCAPED.sub(r"\1", found[2]) if found[2] is not None else found[3]
        at = found.end()
    return value.strip().lower(), _with_extended(parameters)


def _with_extended(parameters: dict[str, str]) -> dict[str, str]:
    """Take `filename*=UTF-8''na%C3%AFve.pdf` (RFC 5987), which some clients send for names that are not ASCII."""
    extended = parameters.pop("filename*", None)
    if extended is not None:
        charset, _, rest = extended.partition("'")
        encoded = rest.partition("'")[2]
        try:
            if charset.lower() != "utf-8":
                raise ValueError
            parameters["filename"] = unquote(encoded, errors="strict")
        except ValueError:
            raise invalid(f"the file name {quote(extended, 60)} is not in UTF-8") from None
    return parameters
