"""Data URIs to image files; no pixel is decoded here."""

import base64
import binascii

from ocr_app.api.errors import ApiError
from ocr_app.engine.images import probe
from ocr_app.settings import LimitSettings


def read_image(url: str, param: str, limits: LimitSettings) -> bytes:
    """Return the image file inside a data URI, after a look at its header.

    The URI's media type is not compared with the file: clients often name the wrong one.

    Args:
        url: `data:[media type];base64,...`.
        param: Path of the field, for errors.
        limits: Most bytes and pixels.

    Raises:
        ApiError: The URI is of another scheme or not Base64, or the file is too large.
        RequestError: The file is not an image of a known format, or has too many pixels.
    """
    payload = _payload(url, param)
    if len(payload) // 4 * 3 - 2 > limits.max_image_bytes:
        raise _too_large(len(payload) // 4 * 3, param, limits)
    data = _decode(payload, param)
    if len(data) > limits.max_image_bytes:
        raise _too_large(len(data), param, limits)
    probe(data, max_pixels=limits.max_image_pixels, param=param)
    return data


def _payload(url: str, param: str) -> str:
    scheme, colon, rest = url.partition(":")
    if not colon or scheme.lower() != "data":
        raise ApiError(
            400,
            f"Only data URIs are accepted, such as data:image/png;base64,...; this one starts with {url[:20]!r}. "
            "The service fetches nothing: put the image itself into the request.",
            param=param,
            code="invalid_image_url",
        )
    media_type, comma, payload = rest.partition(",")
    if not comma:
        raise ApiError(400, "The data URI has no comma before its data.", param=param, code="invalid_image_url")
    if media_type.rpartition(";")[2].strip().lower() != "base64":
        raise ApiError(
            400, "The data URI must be Base64: data:image/png;base64,...", param=param, code="invalid_image_url"
        )
    return payload


def _decode(payload: str, param: str) -> bytes:
    try:
        return base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError) as error:
        hint = ""
        if "-" in payload or "_" in payload:
            hint = " It looks URL-safe: use + and / instead of - and _."
        elif any(space in payload for space in " \r\n\t"):
            hint = " It holds spaces or line breaks: leave them out."
        elif len(payload) % 4:
            hint = f" Its length, {len(payload)}, is not a multiple of 4: it is cut off, or lacks its = at the end."
        raise ApiError(400, f"The image is not valid Base64.{hint}", param=param, code="invalid_base64") from error


def _too_large(size: int, param: str, limits: LimitSettings) -> ApiError:
    return ApiError(
        413,
        f"The image file has {size:,} bytes; at most {limits.max_image_bytes:,} are accepted.",
        param=param,
        code="image_too_large",
    )
