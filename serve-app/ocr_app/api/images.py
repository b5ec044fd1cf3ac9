"""Data URIs and ids to files; no pixel is decoded here."""

from ocr_app.api.base64_slices import Base64Text
from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError
from ocr_app.api.json_text import LONGEST_HEAD, JsonText
from ocr_app.api.references import FileResolver, Reference
from ocr_app.documents.kinds import kind_of
from ocr_app.settings import LimitSettings


def read_file(file: Reference, limits: LimitSettings, source: JsonText, resolve: FileResolver) -> bytes:
    """Return the file that a part of a message names.

    The URI's media type is not compared with the file: clients often name the wrong one.

    Args:
        file: Its URI is `data:[media type];base64,...`, or has a mark of `source` in place of its Base64.
        limits: Most bytes.
        source: The request.
        resolve: Finds the files that the service keeps.

    Raises:
        ApiError: The part names no file; the URI is of another scheme or not Base64, or the file is too large.
    """
    if file.kind == "none":
        raise ApiError(
            400,
            'The part has no file: give it as "file_data": "data:application/pdf;base64,...".',
            param=file.param,
            code="missing_required_parameter",
        )
    data = resolve(file.value, file.param) if file.kind == "id" else _decoded(file, limits, source)
    if data is None:
        raise _too_large("file", _most(limits), file.param)
    return check_size(data, limits, file.param)


def check_size(data: bytes, limits: LimitSettings, param: str) -> bytes:
    """Return a file; raise ApiError 413 if it is an image that is too large. Documents have a limit of their own."""
    if len(data) > limits.max_image_bytes and kind_of(data) not in ("pdf", "tiff"):
        raise _too_large("image file", limits.max_image_bytes, param)
    return data


def _too_large(what: str, most: int, param: str) -> ApiError:
    message = f"The {what} has more than {most:,} bytes, which is the limit."
    return ApiError(413, message, param=param, code="image_too_large")


def _most(limits: LimitSettings) -> int:
    return max(limits.max_image_bytes, limits.max_document_bytes)


def _decoded(file: Reference, limits: LimitSettings, source: JsonText) -> bytes | None:
    """Return the bytes; None if there are too many for any file."""
    url = file.value
    mark = source.mark_in(url)
    begin = url[:LONGEST_HEAD]
    if mark is not None and "," not in begin:
        # All of it is cut out.
        at = source.cuts[mark][0]
        begin = source.body[at : at + LONGEST_HEAD].decode("latin-1")
    alone = file.kind == "data" and begin.lstrip()[:5].lower() != "data:"
    start = 0 if alone else _data_start(begin, file.param)
    if mark is not None:
        encoded = Base64Text(source.body, *source.cuts[mark], escaped=True)
    else:
        text = url.encode()
        encoded = Base64Text(text, len(url[:start].encode()), len(text), escaped=False)
    return encoded.decode(_most(limits), file.param)


def _data_start(begin: str, param: str) -> int:
    """Return where the data of a data URI with this beginning starts.

    Raises:
        ApiError: 400: it is another URL, or not Base64.
    """
    scheme = begin.lstrip()[:5].lower()
    if scheme != "data:":
        raise ApiError(
            400,
            f"Only data URIs are accepted, such as data:image/png;base64,...; this one starts with "
            f"{quote(begin[:20], 60)}. {_advice(begin)}",
            param=param,
            code="invalid_image_url",
        )
    comma = begin.find(",")
    if comma < 0:
        advice = " It is percent-encoded: send it as it is." if "%2c" in begin.lower() else ""
        message = f"The data URI has no comma before its data.{advice}"
        raise ApiError(400, message, param=param, code="invalid_image_url")
    # By the rules base64 comes last; wherever it is, it means the same.
    marks = [mark.strip().lower() for mark in begin[begin.index(":") + 1 : comma].split(";")]
    if "base64" not in marks:
        raise ApiError(
            400, "The data URI must be Base64: data:image/png;base64,...", param=param, code="invalid_image_url"
        )
    return comma + 1


_FIRST_CHARACTERS = ("iVBORw0KGgo", "/9j/", "UklGR", "SUkq", "TU0A", "R0lGOD", "Qk0", "JVBERi")
"""Of PNG, JPEG, WebP, TIFF, GIF, BMP and PDF in Base64."""


def _advice(begin: str) -> str:
    if begin.lstrip().startswith(_FIRST_CHARACTERS):
        kind = "application/pdf" if begin.lstrip().startswith("JVBERi") else "image/png"
        return f"It looks like Base64 without its beginning: put data:{kind};base64, before it."
    if begin[:7].lower() == "data%3a":
        return "It is percent-encoded: send it as it is."
    return "The service fetches nothing: put the image itself into the request."
