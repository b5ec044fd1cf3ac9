"""Request bodies, up to a limit."""

from starlette.requests import Request

from ocr_app.api.errors import ApiError


async def read_body(request: Request, limit: int) -> bytes:
    """Return the whole body; stop at the limit, and read nothing if Content-Length is already over it.

    Raises:
        ApiError: 413 past the limit, 400 if Content-Length is not a number.
        ClientDisconnect: The client closed the connection before the end of the body.
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
