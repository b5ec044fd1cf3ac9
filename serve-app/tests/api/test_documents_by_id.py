"""Documents that were uploaded before, and are named by their ids."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ocr_app.documents.opener import Opener
from ocr_app.settings import FileSettings
from tests.api.documents import CHAT, reading, texts
from tests.api.support import assert_error, chat, front
from tests.documents import pdfs

pytestmark = pytest.mark.asyncio(loop_scope="module")
ID = "messages[0].content[0].file.file_id"
THREE = pdfs.pages(3)


async def test_files_that_are_uploaded(opener: Opener, tmp_path: Path) -> None:
    async with reading(opener, files=FileSettings(directory=str(tmp_path))) as client:
        upload = await client.post("/v1/files", files={"file": ("a.pdf", THREE)}, data={"purpose": "user_data"})
        part = {"type": "file", "file": {"file_id": upload.json()["id"]}}
        with threads_of(Path, "read_bytes") as threads:
            answer = await client.post(CHAT, json=chat(part))
        assert (await client.delete(f"/v1/files/{upload.json()['id']}")).status_code == 200
        gone = await client.post(CHAT, json=chat(part))
    assert texts(answer.json()) == ["text 1", "text 2", "text 3"]
    assert len(threads) == 1
    assert threading.main_thread() not in threads
    assert_error(gone, 404, "file_not_found", ID)


async def test_ids_where_no_files_are_kept() -> None:
    async with front() as client:
        response = await client.post(CHAT, json=chat({"type": "file", "file": {"file_id": "file-123"}}))
    assert_error(response, 501, "files_unavailable")


@contextlib.contextmanager
def threads_of(owner: Any, name: str) -> Iterator[list[threading.Thread]]:
    """Gather the threads in which a method is called."""
    threads: list[threading.Thread] = []
    original = getattr(owner, name)

    def called(*args: Any) -> Any:
        threads.append(threading.current_thread())
        return original(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, called)
        yield threads
