"""Data URIs to image files; no pixel is decoded here."""

from ocr_app.api.base64_slices import Base64Text
from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError
from ocr_app.api.json_text import LONGEST_HEAD, JsonText
from ocr_app.engine.images import probe
from ocr_app.settings import LimitSettings


def read_image(url: str, param: str, limits: LimitSettings, source: JsonText) -> bytes:
    """Return the image file inside a data URI, after a look at its header.

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
        # Text that is not ASCII is not Base64 either; any that is not will do to say so.
        text = url.encode() if url.isascii() else url[:start].encode() + b"????"
        encoded = Base64Text(text, start, len(text), escaped=False)
    data = None
    if encoded.least_size() <= limits.max_image_bytes:
        data = encoded.decode(limits.max_image_bytes, param)
    if data is None:
        raise ApiError(
            413,
            f"The image file has more than {limits.max_image_bytes:,} bytes, which is the limit.",
            param=param,
            code="image_too_large",
        )
    probe(data, max_pixels=limits.max_image_pixels, param=param)
    return data


def _data_start(url: str, param: str) -> int:
    """Return where the data of a data URI starts; raise ApiError 400 if it is another URL or not Base64."""
    if url[:5].lower() != "data:":
        raise ApiError(
            400,
            f"Only data URIs are accepted, such as data:image/png;base64,...; this one starts with "
            f"{quote(url[:20], 60)}. The service fetches nothing: put the image itself into the request.",
            param=param,
            code="invalid_image_url",
        )
    comma = url.find(",", 0, LONGEST_HEAD)
    if comma < 0:
        raise ApiError(400, "The data URI has no comma before its data.", param=param, code="invalid_image_url")
    if url[:comma].rpartition(";")[2].strip().lower() != "base64":
        raise ApiError(
            400, "The data URI must be Base64: data:image/png;base64,...", param=param, code="invalid_image_url"
        )
    return comma + 1
