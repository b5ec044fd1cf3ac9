"""What OpenAI's client, Mistral's, Open WebUI's and RAGFlow's loaders do with /v1/files."""

from collections.abc import AsyncIterator
from pathlib import Path

import openai
import pytest

from ocr_app.api.engine_client import LocalEngineClient
from ocr_app.api.factory import create_app
from ocr_app.settings import Settings
from tests.api.files.support import NOW, PDF, Clock, files_front, keep
from tests.api.support import FakeEngine
from tests.proxy.support import served

KEY = "s3cret-key"


@pytest.fixture
async def openai_client(tmp_path: Path) -> AsyncIterator[openai.AsyncOpenAI]:
    """OpenAI's client against the front behind a real server."""
    files = keep(tmp_path, Clock())
    app = create_app(Settings(engine="null"), LocalEngineClient(FakeEngine()), api_key=KEY, files=files)
    async with served(app) as port, openai.AsyncOpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key=KEY) as client:
        yield client


async def test_openais_client(openai_client: openai.AsyncOpenAI) -> None:
    client = openai_client
    made = await client.files.create(
        file=("scan 1.pdf", PDF), purpose="user_data", expires_after={"anchor": "created_at", "seconds": 7_200}
    )
    assert (made.bytes, made.filename, made.purpose, made.status) == (len(PDF), "scan 1.pdf", "user_data", "processed")
    assert (made.created_at, made.expires_at) == (NOW, NOW + 7_200)
    assert await client.files.retrieve(made.id) == made
    content = await client.files.content(made.id)
    assert content.content == PDF
    assert content.response.headers["content-type"] == "application/octet-stream"
    listed = await client.files.list(purpose="user_data")
    assert [file.id for file in listed.data] == [made.id]
    deleted = await client.files.delete(made.id)
    assert (deleted.id, deleted.deleted, deleted.object) == (made.id, True, "file")
    with pytest.raises(openai.NotFoundError, match="No such file"):
        await client.files.retrieve(made.id)


async def test_openais_client_walks_through_all_pages(openai_client: openai.AsyncOpenAI) -> None:
    made = [(await openai_client.files.create(file=(f"{n}.pdf", PDF), purpose="vision")).id for n in range(5)]
    assert sorted([file.id async for file in openai_client.files.list(limit=2)]) == sorted(made)
    # Deleted while it walks: the cursor is the id of a file that is gone.
    async for file in openai_client.files.list(limit=2, order="asc"):
        await openai_client.files.delete(file.id)
    assert (await openai_client.files.list()).data == []


async def test_open_webuis_loader(tmp_path: Path) -> None:
    """Upload, signed URL, (OCR,) delete; with the headers and timeouts of its Mistral loader."""
    headers = {"Authorization": f"Bearer {KEY}", "User-Agent": "OpenWebUI-MistralLoader/2.0"}
    files = keep(tmp_path)
    async with files_front(files, api_key=KEY) as client:
        sent = {"file": ("Rechnung März.pdf", PDF, "application/pdf")}
        made = await client.post("/v1/files", files=sent, data={"purpose": "ocr"}, headers=headers)
        file_id = made.json()["id"]
        asked = {**headers, "Accept": "application/json"}
        url = (await client.get(f"/v1/files/{file_id}/url", params={"expiry": 1}, headers=asked)).json()["url"]
        assert files.resolve_url(url) == file_id
        assert files.resolve(file_id).path.read_bytes() == PDF
        gone = await client.delete(f"/v1/files/{file_id}", headers=headers)
    assert made.json()["filename"] == "Rechnung März.pdf"
    assert gone.json() == {"id": file_id, "object": "file", "deleted": True}


async def test_ragflows_parser(tmp_path: Path) -> None:
    """It asks for the models first, and for a URL of 24 hours."""
    headers = {"Authorization": f"Bearer {KEY}"}
    files = keep(tmp_path)
    async with files_front(files, api_key=KEY) as client:
        assert (await client.get("/v1/models", headers=headers)).status_code == 200
        sent = {"file": ("a.pdf", PDF, "application/pdf")}
        made = await client.post("/v1/files", files=sent, data={"purpose": "ocr"}, headers=headers)
        answer = await client.get(f"/v1/files/{made.json()['id']}/url?expiry=24", headers=headers)
        assert files.resolve_url(answer.json()["url"]) == made.json()["id"]
        assert (await client.delete(f"/v1/files/{made.json()['id']}", headers=headers)).status_code == 200


async def test_mistrals_client(tmp_path: Path) -> None:
    """The fields that its models require, `expiry` in hours, and its pages."""
    async with files_front(keep(tmp_path)) as client:
        body = (
            b'--m\r\nContent-Disposition: form-data; name="expiry"\r\n\r\n48\r\n'
            b'--m\r\nContent-Disposition: form-data; name="visibility"\r\n\r\nworkspace\r\n'
            b'--m\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + PDF + b"\r\n--m--\r\n"
        )
        made = await client.post("/v1/files", content=body, headers={"content-type": "multipart/form-data; boundary=m"})
        found = made.json()
        page = (await client.get("/v1/files?page=0&page_size=100&include_total=true")).json()
        second = (await client.get("/v1/files?page=1&page_size=1")).json()
        one = (await client.get(f"/v1/files/{found['id']}")).json()
    assert found == {
        "id": found["id"],
        "object": "file",
        "bytes": len(PDF),
        "size_bytes": len(PDF),
        "created_at": NOW,
        "expires_at": NOW + 48 * 3_600,
        "filename": "a.pdf",
        "purpose": "ocr",
        "mimetype": "application/pdf",
        "status": "processed",
        "status_details": None,
        "sample_type": "ocr_input",
        "source": "upload",
        "num_lines": None,
        "signature": None,
        "visibility": "workspace",
        "deleted": False,
    }
    assert (page["data"], page["total"]) == ([found], 1)
    assert (second["data"], second["total"], second["first_id"]) == ([], 1, None)
    assert one == found


async def test_a_list_as_openai_gives_it(tmp_path: Path) -> None:
    clock = Clock()
    async with files_front(keep(tmp_path, clock)) as client:
        ids = []
        for number in range(3):
            clock.now += 1
            answer = await client.post("/v1/files", files={"file": ("a", b"x")}, data={"purpose": "ocr"})
            ids.append(answer.json()["id"])
            assert answer.json()["created_at"] == NOW + number + 1
        first = (await client.get("/v1/files", params={"limit": 2})).json()
        rest = (await client.get("/v1/files", params={"limit": 2, "after": first["last_id"]})).json()
        oldest = (await client.get("/v1/files", params={"order": "asc", "after": ids[0]})).json()
        other = (await client.get("/v1/files", params={"purpose": "batch"})).json()
    assert [file["id"] for file in first["data"]] == [ids[2], ids[1]]
    assert (first["object"], first["has_more"], first["first_id"], first["total"]) == ("list", True, ids[2], 3)
    assert ([file["id"] for file in rest["data"]], rest["has_more"]) == ([ids[0]], False)
    assert [file["id"] for file in oldest["data"]] == ids[1:]
    assert other["data"] == []


async def test_what_a_browser_may_do_with_content(tmp_path: Path) -> None:
    page = b"<html><script>alert(1)</script>"
    async with files_front(keep(tmp_path)) as client:
        made = await client.post("/v1/files", files={"file": ('лист "1".html', page, "text/html")})
        path = f"/v1/files/{made.json()['id']}/content"
        answer, head = await client.get(path), await client.head(path)
    assert answer.content == page
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%D0%BB")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(page)), b"")
