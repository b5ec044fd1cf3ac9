"""Where a client has reached the service, so that it can reach it there again."""

import re

from starlette.datastructures import Headers
from starlette.types import Scope

from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError

_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")


def origin_of(scope: Scope) -> str:
    """Return the scheme, host and prefix that a request came by, such as `https://ocr.example:8443/prefix`.

    They are the client's own words. Whoever gets a URL with them has said them, and the service believes no host.

    Raises:
        ApiError: 400 if the header Host is missing or no host.
    """
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if not _HOST.fullmatch(host):
        message = f"The header Host is {quote(host, 80)}; a URL of this service needs a host that it can be reached by."
        raise ApiError(400, message, code="invalid_header")
    # A proxy that ends TLS, such as the tailnet's, says so.
    scheme = headers.get("x-forwarded-proto", scope.get("scheme", "http")).strip().lower()
    return f"{scheme if scheme in ('http', 'https') else 'http'}://{host}{scope.get('root_path', '')}"
