"""Request bodies, up to a limit."""

from starlette.requests import Request

from ocr_app.api.errors import ApiError


async def read_body(request: Request, limit: int) -> bytes:
    """Return the whole body; stop at the limit, before reading anything where Content-Length says so.

    Raises:
        ApiError: 413 past the limit, 400 where Content-Length is no number.
        ClientDisconnect: The client went away before the end.
    """
    declared = request.headers.get("content-length")
    if declared is not None:
        if not declared.isascii() or not declared.isdigit():
            raise ApiError(400, "Content-Length is not a number.", code="invalid_header")
        if int(declared) > limit:
            raise _too_large(int(declared), limit)
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise _too_large(size, limit)
        chunks.append(chunk)
    return b"".join(chunks) if len(chunks) != 1 else chunks[0]


def _too_large(size: int, limit: int) -> ApiError:
    return ApiError(
        413,
        f"The request body has {size:,} bytes or more; at most {limit:,} are accepted.",
        code="request_too_large",
        # What is left of the body stays unread, so this connection cannot carry another request.
        headers={"Connection": "close"},
    )
