"""Uploads that are wrong, large, broken off or out of luck: nothing of them stays."""

import asyncio
import errno
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message

from ocr_app.api.files import folder, incoming
from ocr_app.api.files.names import display_name, media_type
from tests.api.files.support import FILE_PART, FORM_TYPE, PDF, files_front, form, keep, names_in, part, upload
from tests.api.support import Client, assert_error, eventually
from tests.proxy.support import Answer, http_scope

OTHER = b'Content-Disposition: form-data; name="%s"'


async def refused(
    client: Client, parent: Path, body: bytes, status: int, code: str, param: str | None = None, **headers: str
) -> str:
    """Send a body, expect an error and an empty folder; return the message."""
    response = await client.post("/v1/files", content=body, headers=FORM_TYPE | headers)
    assert names_in(parent) == []
    return assert_error(response, status, code, param)


@pytest.mark.parametrize(
    ("body", "code", "param", "message"),
    [
        (form(FILE_PART)[:-200], "invalid_multipart", None, "ends before its last boundary"),
        (form(FILE_PART, FILE_PART), "invalid_multipart", "file", "more than one field `file`"),
        (form(part(OTHER % b"purpose", b"ocr")), "missing_required_parameter", "file", "no field `file`"),
        (form(part(b'Content-Disposition: form-data; name="file"; filename="a"', b"")), "empty_file", "file", "empty"),
        (
            form(FILE_PART, part(OTHER % b"purpose", b"fine-tune")),
            "invalid_value",
            "purpose",
            "this service knows ocr,",
        ),
        (form(FILE_PART, part(OTHER % b"expiry", b"721")), "invalid_value", "expiry", "hours from 1 to 720"),
        (form(FILE_PART, part(OTHER % b"expiry", b"1e3")), "invalid_value", "expiry", "'1e3'"),
        (
            form(FILE_PART, part(OTHER % b"expires_after[seconds]", b"2592001")),
            "invalid_value",
            "expires_after[seconds]",
            "from 1 to 2592000 (files.max_lifetime_s)",
        ),
        (
            form(FILE_PART, part(OTHER % b"expires_after[anchor]", b"last_active_at")),
            "invalid_value",
            "expires_after[anchor]",
            "the only anchor is created_at",
        ),
        (
            form(FILE_PART, part(OTHER % b"expires_after[anchor]", b"created_at")),
            "missing_required_parameter",
            "expires_after[seconds]",
            "is required",
        ),
        (form(FILE_PART, *[part(OTHER % b"x", b"1")] * 2), "invalid_multipart", "x", "the field 'x' twice"),
        (form(FILE_PART, part(OTHER % b"x", b"\xff")), "invalid_multipart", "x", "not UTF-8"),
        (form(FILE_PART, part(OTHER % b"x", b"1" * 1_025)), "invalid_multipart", "x", "more than 1,024 bytes"),
        (
            form(*[part(OTHER % b"f%d" % n, b"1") for n in range(10_000)]),
            "invalid_multipart",
            None,
            "more than 32 parts",
        ),
    ],
)
async def test_wrong_forms(tmp_path: Path, body: bytes, code: str, param: str | None, message: str) -> None:
    async with files_front(keep(tmp_path)) as client:
        assert message in await refused(client, tmp_path, body, 400, code, param)


async def test_other_bodies(tmp_path: Path) -> None:
    async with files_front(keep(tmp_path)) as client:
        json = {"content-type": "application/json"}
        assert "application/json" in await refused(client, tmp_path, b"{}", 415, "unsupported_media_type", **json)
        gzip = {"content-encoding": "gzip"}
        assert "'gzip'" in await refused(client, tmp_path, form(FILE_PART), 415, "unsupported_encoding", **gzip)
        wrong = {"content-type": "multipart/form-data; boundary=YY"}
        await refused(client, tmp_path, form(FILE_PART), 400, "invalid_multipart", **wrong)


async def test_the_largest_file(tmp_path: Path) -> None:
    async with files_front(keep(tmp_path, max_file_bytes=2_000)) as client:
        assert (await upload(client, b"x" * 2_000))["bytes"] == 2_000
        for size in (2_001, 60_000, 200_000):
            response = await client.post("/v1/files", files={"file": ("a", b"x" * size)})
            assert response.status_code == 413
        assert "files.max_file_bytes" in assert_error(
            await client.post("/v1/files", files={"file": ("a", b"x" * 2_001)}), 413, "file_too_large", "file"
        )
        assert len((await client.get("/v1/files")).json()["data"]) == 1
    assert len(names_in(tmp_path)) == 2


async def test_all_files_together(tmp_path: Path) -> None:
    files = keep(tmp_path, max_file_bytes=2_000, max_total_bytes=3_000)
    async with files_front(files) as client:
        first = await upload(client, b"x" * 2_000)
        full = await client.post("/v1/files", files={"file": ("a", b"x" * 1_001)})
        message = assert_error(full, 413, "file_quota_exceeded")
        assert "3,000 bytes (files.max_total_bytes). Delete files" in message
        assert full.headers["connection"] == "close"
        await upload(client, b"x" * 1_000)
        await client.delete(f"/v1/files/{first['id']}")
        await upload(client, b"x" * 2_000)


async def test_number_of_files(tmp_path: Path) -> None:
    async with files_front(keep(tmp_path, max_files=2)) as client:
        await upload(client)
        first = await upload(client)
        full = await client.post("/v1/files", files={"file": ("a", PDF)})
        assert "files.max_files" in assert_error(full, 413, "file_quota_exceeded")
        await client.delete(f"/v1/files/{first['id']}")
        await upload(client)


@pytest.mark.parametrize(
    ("number", "status", "code"), [(errno.ENOSPC, 507, "disk_full"), (errno.EROFS, 501, "files_unavailable")]
)
@pytest.mark.parametrize("where", ["content", "record"])
async def test_a_disk_that_takes_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, status: int, code: str, where: str
) -> None:
    class Full:
        """A file that takes nothing."""

        def __init__(self, file: Any) -> None:
            self._file = file

        def __getattr__(self, name: str) -> Any:
            return getattr(self._file, name)

        def __enter__(self) -> "Full":
            return self

        def __exit__(self, *_: object) -> None:
            self._file.close()

        def write(self, _data: bytes) -> int:
            raise OSError(number, "no")

    def open_new(path: Path) -> Any:
        file = real(path)
        return Full(file) if path.name.endswith(".json.part") == (where == "record") else file

    real = folder.open_new
    files = keep(tmp_path)
    async with files_front(files) as client:
        with monkeypatch.context() as patched:
            patched.setattr(incoming, "open_new", open_new)
            message = await refused(client, tmp_path, form(FILE_PART), status, code)
            assert str(tmp_path) not in message
        # Its bytes count no longer, and the next one works.
        assert files.store._arriving == {}
        await upload(client)


async def test_a_client_that_leaves(tmp_path: Path) -> None:
    files = keep(tmp_path)
    async with files_front(files) as client:
        app = client._transport.app  # type: ignore[attr-defined]
    body = form(FILE_PART)
    headers = [(name.encode(), value.encode()) for name, value in FORM_TYPE.items()]
    messages: list[Message] = [
        {"type": "http.request", "body": body[:2_000], "more_body": True},
        {"type": "http.disconnect"},
    ]
    answer = Answer()

    async def receive() -> Message:
        return messages.pop(0)

    scope = {**http_scope("/v1/files", "POST", headers), "query_string": b""}
    await app(dict(scope), receive, answer.send)
    assert answer.messages == []
    assert names_in(tmp_path) == []

    async def wait() -> Message:
        if messages:
            return messages.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    # As Serve does when the client of a request has gone.
    messages.append({"type": "http.request", "body": body[:2_000], "more_body": True})
    task = asyncio.create_task(app(dict(scope), wait, answer.send))
    await eventually(lambda: bool(names_in(tmp_path)))
    task.cancel()
    await asyncio.wait([task])
    assert answer.messages == []
    await eventually(lambda: not names_in(tmp_path))


async def test_a_client_that_leaves_before_its_file_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = keep(tmp_path)
    begin, begun, go, made = files.store.begin, threading.Event(), threading.Event(), threading.Event()

    def slow_begin() -> incoming.Incoming:
        begun.set()
        assert go.wait(5)
        opened = begin()
        made.set()
        return opened

    monkeypatch.setattr(files.store, "begin", slow_begin)
    async with files_front(files) as client:
        task = asyncio.create_task(client.post("/v1/files", content=form(FILE_PART), headers=FORM_TYPE))
        await eventually(begun.is_set)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        go.set()
        await eventually(made.is_set)
        await eventually(lambda: not files.store._arriving and not names_in(tmp_path))


async def test_what_stays_unread_ends_the_connection(tmp_path: Path) -> None:
    async with files_front(keep(tmp_path)) as client:
        for body, headers in ((form(FILE_PART, FILE_PART), FORM_TYPE), (b"{}", {"content-type": "application/json"})):
            assert (await client.post("/v1/files", content=body, headers=headers)).headers["connection"] == "close"


async def test_fields_without_effect_are_named(tmp_path: Path) -> None:
    async with files_front(keep(tmp_path)) as client:
        made = await upload(client, made_up="1", visibility="user")
        assert made["ocr"] == {"ignored": ["made_up"]}
        assert "ocr" not in (await client.get(f"/v1/files/{made['id']}")).json()


async def test_logs_hold_nothing_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = keep(tmp_path)
    async with files_front(files) as client:
        made = await upload(client, b"secret words", "secret name.txt")
        url = (await client.get(f"/v1/files/{made['id']}/url")).json()["url"]
        assert (await client.get(url)).content == b"secret words"
        await client.post("/v1/files", content=form(FILE_PART)[:-9] + b"secret", headers=FORM_TYPE)
    logs = capsys.readouterr().err
    assert made["id"] in logs
    assert "secret" not in logs
    assert "signature" not in logs


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\scan.pdf", "scan.pdf"),
        ("/", "file"),
        ("..", "file"),
        (None, "file"),
        ("a\x00\r\nb\x7f.pdf", "ab.pdf"),
        ("договор № 5.pdf", "договор № 5.pdf"),
        ("合同.pdf", "合同.pdf"),
        ("عقد.pdf", "عقد.pdf"),
        ("x" * 400 + ".pdf", "x" * 234 + "…" + "x" * 16 + ".pdf"),
    ],
)
def test_names_are_for_display(given: str | None, shown: str) -> None:
    assert display_name(given) == shown


async def test_names_are_no_paths(tmp_path: Path) -> None:
    async with files_front(keep(tmp_path / "deep" / "folder")) as client:
        made = await upload(client, name="../../../evil.pdf")
    assert made["filename"] == "evil.pdf"
    assert os.listdir(tmp_path) == ["deep"]
    assert names_in(tmp_path / "deep" / "folder") == [made["id"], made["id"] + ".json"]


@pytest.mark.parametrize(
    ("start", "declared", "found"),
    [
        (b"%PDF-1.4", "text/plain", "application/pdf"),
        (b"\n\n junk %PDF-1.4", "", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "", "image/png"),
        (b"II*\x00", "", "image/tiff"),
        (b"hello", "text/plain; charset=utf-8", "text/plain"),
        (b"hello", "text/html\r\nx: y", "application/octet-stream"),
        (b"hello", "", "application/octet-stream"),
    ],
)
def test_media_types(start: bytes, declared: str, found: str) -> None:
    assert media_type(start, declared) == found
