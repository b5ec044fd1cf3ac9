"""The paths of `/v1/files`, for all that must know them before a route is chosen."""

import re

FILES_PATH = "/v1/files"
"""Where files are uploaded and listed."""

ID = r"file-[0-9a-f]{44}"
"""Ids of files, as a regular expression."""

_CONTENT = re.compile(rf"{FILES_PATH}/({ID})/content")


def is_upload(method: str, path: str) -> bool:
    """Tell whether a request brings a file, below any prefix of the application."""
    return method == "POST" and path.rstrip("/").endswith(FILES_PATH)


def content_path(file_id: str) -> str:
    """Return the path of a file's content."""
    return f"{FILES_PATH}/{file_id}/content"


def id_of_content_path(path: str) -> str | None:
    """Return the id in the path of a file's content; None if it is another path."""
    found = _CONTENT.fullmatch(path)
    return found[1] if found else None
