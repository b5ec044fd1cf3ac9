"""The folder of the files: only this user can look into it."""

import contextlib
import os
import secrets
import stat
from pathlib import Path
from typing import BinaryIO

from ocr_app.api.files.problems import words

NAME = "ocr-files"
"""Of the folder, inside of the one that is named: a volume's own folder may belong to root and be open to a group."""

_KEY = "key"
_KEY_BYTES = 32


class FolderUnusable(Exception):
    """No files can be kept in a folder; the text says why and what to do."""


def prepare(parent: Path) -> Path:
    """Return the folder of the files below `parent`, made if it was missing.

    Raises:
        FolderUnusable: It cannot be made or written, or somebody else can look into it.
    """
    folder = parent / NAME
    advice = "Set files.directory to a folder that the service can write."
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise FolderUnusable(f"its folder belongs to somebody else. {advice}")
        folder.chmod(0o700)
        probe = folder / _probe_name()
        open_new(probe).close()
        probe.unlink()
    except OSError as error:
        raise FolderUnusable(f"its folder cannot be written ({words(error)}). {advice}") from error
    return folder


def signing_key(folder: Path) -> bytes:
    """Return the key of the folder's URLs, made on the first call: they hold across restarts, and nowhere else.

    Raises:
        OSError: It cannot be read or written.
    """
    path = folder / _KEY
    with contextlib.suppress(FileNotFoundError):
        key = path.read_bytes()
        if len(key) == _KEY_BYTES:
            return key
    draft = folder / _probe_name()
    with open_new(draft) as file:
        file.write(secrets.token_bytes(_KEY_BYTES))
    draft.replace(path)
    return path.read_bytes()


def open_new(path: Path) -> BinaryIO:
    """Return a new file for writing that only this user may read; raise OSError if there is one already."""
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "wb")


def _probe_name() -> str:
    return f"probe-{secrets.token_hex(8)}"
