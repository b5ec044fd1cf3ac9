"""Files across time, restarts and deaths."""

import errno
import fcntl
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from ocr_app.api.errors import ApiError
from ocr_app.api.files import door
from ocr_app.api.files.door import Files
from ocr_app.api.files.record import StoredFile, is_id, new_id
from ocr_app.api.files.session import folders_below
from ocr_app.api.files.store import FileStore
from tests.api.files.support import NOW, PDF, Clock, files_front, keep, names_in, upload
from tests.api.support import assert_error, eventually


def put(store: FileStore, data: bytes = PDF, lifetime_s: int = 100, now: int = int(NOW)) -> StoredFile:
    """A file without the HTTP around it."""
    incoming = store.begin()
    incoming.write(data)
    record = StoredFile(incoming.id, "a.pdf", "ocr", "application/pdf", len(data), now, now + lifetime_s)
    incoming.finish(record)
    return record


async def test_a_file_expires(tmp_path: Path) -> None:
    clock = Clock()
    files = keep(tmp_path, clock, lifetime_s=60)
    async with files_front(files) as client:
        first = await upload(client)
        clock.now += 30
        second = await upload(client)
        clock.now += 29.9
        assert (await client.get(f"/v1/files/{first['id']}")).status_code == 200
        clock.now += 0.1
        for path in ("", "/content", "/url"):
            assert_error(await client.get(f"/v1/files/{first['id']}{path}"), 404, "file_not_found")
        assert_error(await client.delete(f"/v1/files/{first['id']}"), 404, "file_not_found")
        assert [file["id"] for file in (await client.get("/v1/files")).json()["data"]] == [second["id"]]
    # It was only hidden; sweeping removes it.
    assert len(names_in(tmp_path)) == 4
    assert files.store.sweep() == 1
    assert names_in(tmp_path) == [second["id"], second["id"] + ".json"]


async def test_an_upload_makes_room_by_what_has_expired(tmp_path: Path) -> None:
    clock = Clock()
    async with files_front(keep(tmp_path, clock, max_files=1, lifetime_s=60)) as client:
        await upload(client)
        clock.now += 60
        await upload(client)


async def test_expired_files_go_as_time_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "_SWEEP_S", 0.01)
    clock = Clock()
    other = keep(tmp_path / "other", clock)
    put(other.store)
    files = Files(other.settings, tmp_path / "own", others=lambda: [other.store.folder], clock=clock)
    put(files.store)
    files.start()
    clock.now += 100
    async with files_front(files) as client:
        assert (await client.get("/health")).status_code == 200
        await eventually(lambda: not names_in(tmp_path / "own") and not names_in(tmp_path / "other"))


async def test_a_restart_keeps_files_and_urls(tmp_path: Path) -> None:
    clock = Clock()
    async with files_front(keep(tmp_path, clock)) as client:
        made = await upload(client)
        url = (await client.get(f"/v1/files/{made['id']}/url")).json()["url"]
    again = keep(tmp_path, clock)
    async with files_front(again, api_key="k") as client:
        assert (await client.get(url)).content == PDF
        keyed = {"authorization": "Bearer k"}
        assert (await client.get(f"/v1/files/{made['id']}", headers=keyed)).json() == made
    assert again.resolve_url(url) == made["id"]
    clock.now = made["expires_at"]
    assert keep(tmp_path, clock).store.all() == []
    assert names_in(tmp_path) == []


async def test_two_services_know_nothing_of_each_other(tmp_path: Path) -> None:
    one, two = keep(tmp_path / "1"), keep(tmp_path / "2")
    async with files_front(one) as client:
        made = await upload(client)
        url = (await client.get(f"/v1/files/{made['id']}/url")).json()["url"]
    assert two.resolve_url(url) is None
    with pytest.raises(ApiError, match="No such file"):
        two.resolve(made["id"])


KILLED = """
import os, signal, sys
from pathlib import Path
from ocr_app.api.files.record import StoredFile
from tests.api.files.support import keep

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

incoming = keep(Path(sys.argv[1])).store.begin()
incoming.write(b"x" * 100_000)
if sys.argv[2] == "finish":
    rename = Path.rename
    # Between the two files of one: its content is there, its record is not.
    Path.rename = lambda path, to: die() if to.name.endswith(".json") else rename(path, to)
    incoming.finish(StoredFile(incoming.id, "a", "ocr", "x/y", 100_000, 1, 2_000_000_000))
die()
"""


@pytest.mark.parametrize("moment", ["write", "finish"])
def test_what_a_killed_service_leaves_is_no_file_and_is_removed(tmp_path: Path, moment: str) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), moment], check=False)  # noqa: S603 - our own code
    assert ended.returncode == -9
    left = names_in(tmp_path)
    assert len(left) == (1 if moment == "write" else 2)
    store = keep(tmp_path).store
    assert store.all() == []
    assert names_in(tmp_path) == []


def test_what_another_replica_is_writing_is_left_alone(tmp_path: Path) -> None:
    one, two = keep(tmp_path).store, keep(tmp_path).store
    incoming = one.begin()
    incoming.write(b"abc")
    assert two.sweep() == 0
    record = StoredFile(incoming.id, "a", "ocr", "x/y", 3, int(NOW), int(NOW) + 100)
    incoming.finish(record)
    # And each sees what the other has done.
    assert two.all() == [record]
    found = two.find(record.id)
    assert found
    assert found.path.read_bytes() == b"abc"
    assert two.delete(record.id)
    assert one.find(record.id) is None
    assert one.all() == []


def test_a_damaged_record_takes_its_file_along(tmp_path: Path) -> None:
    store = keep(tmp_path).store
    record = put(store)
    (store.folder / (record.id + ".json")).write_text('{"id": 1}')
    assert keep(tmp_path).store.all() == []
    assert names_in(tmp_path) == []


def test_a_record_whose_content_a_cleaner_took_goes_too(tmp_path: Path) -> None:
    store = keep(tmp_path).store
    record = put(store)
    (store.folder / record.id).unlink()
    assert store.find(record.id) is None
    assert keep(tmp_path).store.all() == []
    assert names_in(tmp_path) == []


def test_a_record_of_a_later_version_is_read(tmp_path: Path) -> None:
    store = keep(tmp_path).store
    record = put(store)
    path = store.folder / (record.id + ".json")
    path.write_text(path.read_text().replace("{", '{"later": 1, ', 1))
    assert keep(tmp_path).store.all() == [record]


def test_other_things_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    store = keep(tmp_path).store
    (store.folder / "notes.txt").write_text("mine")
    (store.folder / "file-short").write_text("mine")
    assert keep(tmp_path).store.sweep() == 0
    assert names_in(tmp_path) == ["file-short", "notes.txt"]


def test_a_file_whose_record_cannot_be_written_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def full(path: Path, to: Path) -> Path:
        if to.name.endswith(".json"):
            raise OSError(errno.ENOSPC, "no")
        return rename(path, to)

    store = keep(tmp_path).store
    incoming = store.begin()
    incoming.write(b"abc")
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(ApiError) as caught:
        incoming.finish(StoredFile(incoming.id, "a", "ocr", "x/y", 3, int(NOW), int(NOW) + 100))
    incoming.discard()
    assert caught.value.status == 507
    assert names_in(tmp_path) == []


def test_a_file_that_was_taken_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another replica sweeps between the two: to it, the new file looks like what a dead upload left behind."""
    store, other = keep(tmp_path).store, keep(tmp_path).store
    flock = fcntl.flock
    swept: list[int] = []

    def sweep_first(file: BinaryIO, how: int) -> None:
        if how == fcntl.LOCK_EX and not swept:
            swept.append(1)
            assert other.sweep() == 1
        flock(file, how)

    monkeypatch.setattr(fcntl, "flock", sweep_first)
    assert store.find(put(store).id)
    assert swept


def test_only_this_user_can_read_them(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        store = keep(tmp_path).store
        put(store)
    finally:
        os.umask(previous)
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in store.folder.iterdir()} == {0o600}
    # A folder that somebody has opened is closed again.
    store.folder.chmod(0o777)
    keep(tmp_path)
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


def test_a_folder_that_a_cleaner_took_comes_back(tmp_path: Path) -> None:
    store = keep(tmp_path).store
    for path in store.folder.iterdir():
        path.unlink()
    store.folder.rmdir()
    assert store.all() == []
    assert store.find(put(store).id)


async def test_without_a_folder_the_service_runs_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    link = tmp_path / "linked"
    link.mkdir()
    (link / "ocr-files").symlink_to(tmp_path)
    for files, reason in (
        (keep(tmp_path / "file"), "its folder cannot be written (Not a directory). Set files.directory"),
        (keep(link), "belongs to somebody else"),
        (keep(tmp_path, enabled=False), "files.enabled is false"),
        (Files(keep(tmp_path).settings), "files.directory is not set"),
    ):
        async with files_front(files) as client:
            for method, path in (("POST", ""), ("GET", ""), ("GET", "/x"), ("DELETE", "/x"), ("GET", "/x/content")):
                answer = await client.request(method, f"/v1/files{path}")
                assert reason in assert_error(answer, 501, "files_unavailable")
            assert (await client.get("/health")).status_code == 200
        assert files.resolve_url("http://x/v1/files/file-" + "0" * 44 + "/content?expires=1&signature=x") is None


def test_the_folder_of_the_settings_goes_before_the_default(tmp_path: Path) -> None:
    files = Files(keep(tmp_path, directory=str(tmp_path / "named")).settings, tmp_path / "default")
    assert files.store.folder == tmp_path / "named" / "ocr-files"


def test_ids_cannot_be_guessed_and_sort_by_time() -> None:
    ids = [new_id(NOW + n) for n in range(100)]
    assert ids == sorted(ids)
    assert len({file_id[-32:] for file_id in ids}) == 100
    assert all(is_id(file_id) for file_id in ids)


@pytest.mark.parametrize(
    "text", ["", "key", "../key", "file-" + "0" * 43, "file-" + "0" * 44 + "\n", "file-" + "0" * 40 + "/../"]
)
def test_what_is_no_id_never_reaches_the_disk(tmp_path: Path, text: str) -> None:
    assert not is_id(text)
    assert keep(tmp_path).store.find(text) is None
    assert not keep(tmp_path).store.delete(text)


def test_folders_of_ended_sessions(tmp_path: Path) -> None:
    ended = tmp_path / "session_1" / "ocr-app" / "of-x"
    put(keep(ended).store)
    other = tmp_path / "session_2" / "ocr-app" / "of-x"
    other.mkdir(parents=True)
    (other / "ocr-files").symlink_to(tmp_path)
    assert list(folders_below(tmp_path)) == [ended / "ocr-files"]
