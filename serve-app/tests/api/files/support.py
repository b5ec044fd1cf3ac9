"""A front that keeps files, with a clock that each test sets, and forms as clients write them."""

from pathlib import Path
from typing import Any

import httpx

from ocr_app.api.engine_client import LocalEngineClient
from ocr_app.api.factory import create_app
from ocr_app.api.files.door import Files
from ocr_app.settings import Settings
from tests.api.support import Client, FakeEngine

NOW = 1_800_000_000.0
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20 + b"\r\n--not the boundary\r\n%%EOF\n"


class Clock:
    """Time that stands still until a test moves it."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def keep(folder: Path, clock: Clock | None = None, **settings: Any) -> Files:
    """The files in a folder."""
    return Files(Settings.model_validate({"files": settings}).files, folder, clock=clock or Clock())


def files_front(files: Files, api_key: str = "", **settings: Any) -> Client:
    """An HTTP client whose server is the whole front in this process, with these files."""
    chosen = Settings.model_validate({"engine": "null", "files": files.settings.model_dump(), **settings})
    app = create_app(chosen, LocalEngineClient(FakeEngine()), api_key=api_key, files=files)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://front:8000")


async def upload(client: Client, data: bytes = PDF, name: str = "scan.pdf", **fields: Any) -> dict[str, Any]:
    """Upload a file; return the answer."""
    response = await client.post("/v1/files", files={"file": (name, data)}, data={"purpose": "ocr", **fields})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def form(*parts: bytes, boundary: bytes = b"XX", end: bytes = b"--XX--\r\n") -> bytes:
    """A form of parts, each with its headers."""
    return b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + end


def part(headers: bytes, content: bytes) -> bytes:
    return headers + b"\r\n\r\n" + content


FILE_PART = part(b'Content-Disposition: form-data; name="file"; filename="a.pdf"', PDF)
FORM_TYPE = {"content-type": "multipart/form-data; boundary=XX"}


def names_in(folder: Path) -> list[str]:
    """What is in the folder of the files, but for the key of the URLs."""
    return sorted(path.name for path in (folder / "ocr-files").iterdir() if path.name != "key")
