import json
from dataclasses import asdict

import pytest

from ocr_app.proxy import figures
from ocr_app.proxy.figures import Figures, PublishedFigures, together
from ocr_app.settings import Settings
from tests.proxy.support import until


class Store:
    """What `read` finds, or raises."""

    def __init__(self, found: Figures | Exception | None) -> None:
        self.found = found
        self.reads = 0

    def read(self) -> Figures | None:
        self.reads += 1
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


def test_figures_come_from_the_settings() -> None:
    settings = Settings.model_validate(
        {"limits": {"max_body_bytes": 2_048}, "queue": {"max_bytes_in_flight": 4_096, "retry_after_s": 3}}
    )
    found = Figures.of(settings)
    assert (found.max_body_bytes, found.max_bytes_in_flight, found.retry_after_s) == (2_048, 4_096, 3)


@pytest.mark.parametrize(
    ("method", "path", "largest"),
    [
        ("POST", "/v1/files", 9),
        ("POST", "/v1/files/", 9),
        ("POST", "/main/v1/files", 9),
        ("PUT", "/v1/files", 5),
        ("POST", "/v1/files/x", 5),
        ("POST", "/v1/files/x/content", 5),
        ("POST", "/v1/chat/completions", 5),
        ("POST", "/x-v1/files", 5),
    ],
)
def test_only_uploads_may_be_as_large_as_files(method: str, path: str, largest: int) -> None:
    assert Figures(max_body_bytes=5, max_upload_bytes=9).largest(method, path) == largest


def test_an_upload_has_room_for_the_form_around_its_file() -> None:
    settings = Settings.model_validate({"files": {"max_file_bytes": 2**20}})
    assert Figures.of(settings).max_upload_bytes == 2**20 + 2**16


def test_what_is_published_holds_no_key() -> None:
    assert "s3cret" not in json.dumps(asdict(Figures.of(Settings(), "s3cret")))


@pytest.mark.parametrize("header", ["Bearer s3cret", "bearer  s3cret "])
def test_the_key_is_known(header: str) -> None:
    assert Figures.of(Settings(), "s3cret").admit(header)


@pytest.mark.parametrize("header", [None, "", "s3cret", "Basic s3cret", "Bearer", "Bearer s3cre", "Bearer \xff"])
def test_another_key_is_not(header: str | None) -> None:
    assert not Figures.of(Settings(), "s3cret").admit(header)
    assert Figures.of(Settings()).admit(header)


def test_of_several_applications_the_most_generous_counts() -> None:
    one, two = Figures(key_hashes=("a",), retry_after_s=5), Figures(max_body_bytes=9, key_hashes=("b",))
    both = together([one, two])
    assert both == Figures(key_hashes=("a", "b"), retry_after_s=5)
    assert together([one, Figures()]).key_hashes == ()


async def test_what_was_published_is_known_soon_and_asked_for_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(Figures(max_body_bytes=5_000))
    monkeypatch.setattr(figures, "read", store.read)
    published = PublishedFigures()
    assert published.current() == Figures()
    await until(lambda: published.current().max_body_bytes == 5_000)
    assert store.reads == 1
    store.found = Figures(max_body_bytes=9_000)
    assert published.current().max_body_bytes == 5_000
    assert (await published.fresh()).max_body_bytes == 9_000


async def test_what_cannot_be_read_leaves_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(Figures(max_body_bytes=5_000))
    monkeypatch.setattr(figures, "read", store.read)
    published = PublishedFigures()
    await published.fresh()
    store.found = RuntimeError("no GCS")
    assert (await published.fresh()).max_body_bytes == 5_000


async def test_without_an_application_the_figures_only_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "read", Store(None).read)
    assert (await PublishedFigures().fresh()).max_body_bytes > 2**30
