"""Where files are kept if the settings name no folder: in the folder of the Ray session.

Ray cannot run where that folder cannot be written, so it is there on a laptop and in a pod alike, whatever else of the
pod's file system is read-only. No other service has it: `npm start` gives each its own, and removes it at the end. It
outlives the replicas of the Api. In a pod it is on the node's disk and ends with the pod.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import ray

from ocr_app.api.files.folder import NAME

_OURS = "ocr-app"


def session_folder(app_name: str) -> Path:
    """Return the folder of an application in the running Ray session."""
    context = ray.get_runtime_context()
    return Path(context.get_temp_dir(), context.get_session_name(), _OURS, f"of-{quote(app_name, safe='')}")


def folders_of_sessions() -> list[Path]:
    """Return the folders of files of every session beside the running one, and of this one.

    The folder of all sessions is a volume in a head's pod, which outlives the container and with it the session.
    """
    return list(folders_below(Path(ray.get_runtime_context().get_temp_dir())))


def folders_below(temporary: Path) -> Iterator[Path]:
    """Give the folders of files below Ray's temporary folder that belong to this user."""
    for folder in temporary.glob(f"session_*/{_OURS}/*/{NAME}"):
        try:
            found = folder.lstat()
        except OSError:
            continue
        if found.st_uid == os.geteuid() and not folder.is_symlink() and folder.is_dir():
            yield folder
