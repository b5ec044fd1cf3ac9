"""URLs of our own that lead to a file's content for a while, without the API key.

They are recognised by their signature alone, whatever host they name; none is ever fetched.
"""

import base64
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from ocr_app.api.files.paths import FILES_PATH, content_path, id_of_content_path

MOST_URL = 2_048
"""Longest URL that is looked at, in characters."""

_SECONDS = re.compile(r"[1-9][0-9]{0,11}")


@dataclass(frozen=True, slots=True)
class Judged:
    """What a signed URL is worth.

    Attributes:
        file_id: Of the file that it leads to.
        state: `expired` only if the signature is ours.
    """

    file_id: str
    state: Literal["good", "expired", "wrong"]


class Signer:
    """Signs paths of content, and judges them.

    Args:
        key: 32 bytes that only this service has.
        clock: Unix time in seconds.
    """

    def __init__(self, key: bytes, clock: Callable[[], float]) -> None:
        self._key = key
        self._clock = clock

    def path_and_query(self, file_id: str, expires: int) -> str:
        """Return what follows the host in a URL that holds until a Unix time in seconds."""
        return f"{content_path(file_id)}?expires={expires}&signature={self._signature(file_id, expires)}"

    def judge(self, path: str, query: str) -> Judged | None:
        """Judge a request or a URL by its path and query; None if it is no signed URL at all."""
        file_id = id_of_content_path(path)
        if file_id is None or len(query) > MOST_URL:
            return None
        pairs = parse_qsl(query, keep_blank_values=True)
        values = dict(pairs)
        if "signature" not in values:
            return None
        expires = values.get("expires", "")
        if len(pairs) != 2 or not _SECONDS.fullmatch(expires):
            return Judged(file_id, "wrong")
        ours = self._signature(file_id, int(expires))
        # In constant time: how long the answer takes must not show how much of the signature was right.
        if not hmac.compare_digest(ours.encode(), values["signature"].encode()):
            return Judged(file_id, "wrong")
        return Judged(file_id, "good" if self._clock() < int(expires) else "expired")

    def judge_url(self, url: str) -> Judged | None:
        """Judge a whole URL, of whatever http or https host; None if it is no signed URL at all."""
        if len(url) > MOST_URL:
            return None
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        if parts.scheme not in ("http", "https") or not parts.netloc:
            return None
        # Below whatever prefix a proxy has put before the service.
        at = parts.path.rfind(FILES_PATH)
        return self.judge(parts.path[at:], parts.query) if at >= 0 else None

    def _signature(self, file_id: str, expires: int) -> str:
        digest = hmac.digest(self._key, f"content\n{file_id}\n{expires}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
