"""Every way in which `/v1/files` refuses, and what the client or the operator can do then.

No space among the files is a 413, which OpenAI's and Mistral's clients do not repeat: the same upload would fail again.
No space on the disk is a 507: nothing is wrong with the request.
"""

import errno
import os

from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError

_FULL = (errno.ENOSPC, errno.EDQUOT)


def too_large(limit: int) -> ApiError:
    """Return the answer for a file above `files.max_file_bytes`."""
    message = f"The file has more than {limit:,} bytes, the most that are accepted (files.max_file_bytes)."
    return ApiError(413, message, param="file", code="file_too_large")


def no_room(what: str, setting: str) -> ApiError:
    """Return the answer for an upload that finds the store full.

    Args:
        what: Of what there is too much.
        setting: The setting that bounds it.
    """
    message = (
        f"No room for the file: {what} ({setting}). Delete files that are no longer needed "
        "(GET /v1/files lists them), or wait until some expire."
    )
    return ApiError(413, message, code="file_quota_exceeded")


def not_found(file_id: str, param: str | None = None) -> ApiError:
    """Return the answer for an id that leads to no file."""
    message = f"No such file: {quote(file_id, 80)}. It was deleted, has expired or never existed."
    return ApiError(404, message, param=param, code="file_not_found")


def unavailable(reason: str) -> ApiError:
    """Return the answer where no files can be kept."""
    return ApiError(501, f"This service keeps no files: {reason}", code="files_unavailable")


def disk_failed(error: OSError) -> ApiError:
    """Return the answer for an upload that the file system did not take."""
    if error.errno in _FULL:
        message = "The disk of the service is full. Delete files that are no longer needed, or tell its operator."
        return ApiError(507, message, code="disk_full")
    return unavailable(f"its folder cannot be written ({words(error)}). Tell its operator.")


def words(error: OSError) -> str:
    """Return what the system says, without paths."""
    return os.strerror(error.errno) if error.errno else type(error).__name__
