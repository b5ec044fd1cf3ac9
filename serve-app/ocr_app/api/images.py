"""Data URIs to image files; no pixel is decoded here."""

from ocr_app.api.base64_slices import Base64Text
from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError
from ocr_app.api.json_text import LONGEST_HEAD, JsonText
from ocr_app.engine.images import probe
from ocr_app.settings import LimitSettings


def read_image(url: str, param: str, limits: LimitSettings, source: JsonText) -> tuple[bytes, int]:
    """Return the image file inside a data URI and how many pages it has, after a look at its header.

    The URI's media type is not compared with the file: clients often name the wrong one.

    Args:
        url: `data:[media type];base64,...`, or with a mark of `source` in place of its Base64.
        param: Path of the field, for errors.
        limits: Most bytes and pixels.
        source: The request.

    Raises:
        ApiError: The URI is of another scheme or not Base64, or the file is too large.
        RequestError: The file is not an image of a known format, or has too many pixels.
    """
    start = _data_start(url, param)
    mark = source.mark_in(url)
    if mark is not None:
        encoded = Base64Text(source.body, *source.cuts[mark], escaped=True)
    else:
        text = url.encode()
        encoded = Base64Text(text, len(url[:start].encode()), len(text), escaped=False)
    data = encoded.decode(limits.max_image_bytes, param)
    if data is None:
        raise ApiError(
            413,
            f"The image file has more than {limits.max_image_bytes:,} bytes, which is the limit.",
            param=param,
            code="image_too_large",
        )
    return data, len(probe(data, max_pixels=limits.max_image_pixels, param=param).sizes)


def _data_start(url: str, param: str) -> int:
    """Return where the data of a data URI starts; raise ApiError 400 if it is another URL or not Base64."""
    begin = url[:LONGEST_HEAD]
    scheme = begin.lstrip()[:5].lower()
    if scheme != "data:":
        raise ApiError(
            400,
            f"Only data URIs are accepted, such as data:image/png;base64,...; this one starts with "
            f"{quote(url[:20], 60)}. {_advice(begin)}",
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
        return "It looks like Base64 without its beginning: put data:image/png;base64, before it."
    if begin[:7].lower() == "data%3a":
        return "It is percent-encoded: send it as it is."
    return "The service fetches nothing: put the image itself into the request."
