"""What a person sees who opens the service in a browser."""

import base64
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ocr_app.api import swagger_files
from ocr_app.api.routes import pages
from ocr_app.api.swagger_files import SCRIPT, STYLE, swagger_folder
from tests.api.support import assert_error, chat, front

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Links(HTMLParser):
    """Addresses that a page loads or leads to, and its scripts' text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.script = ""
        self._in_script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.urls += [value or "" for name, value in attrs if name in ("src", "href", "data-openapi")]
        self._in_script = tag == "script"

    def handle_data(self, data: str) -> None:
        self.script += data.strip() if self._in_script else ""


async def test_the_root_says_where_to_go() -> None:
    async with front() as client:
        response = await client.get("/")
        paths = response.json()
        assert paths["model"] == "deepseek-ocr"
        for name in ("models", "health", "openapi", "docs"):
            assert (await client.get(paths[name])).status_code == 200, name
        assert (await client.post(paths["chat"], json=chat())).status_code == 200
        led = await client.get("/", headers=BROWSER)
    assert (led.status_code, led.headers["location"]) == (307, "/docs")
    assert led.headers["vary"] == response.headers["vary"] == "Accept"


async def test_the_documentation_loads_from_this_service_alone() -> None:
    async with front() as client:
        page = await client.get("/docs", headers=BROWSER)
        links = Links(page.text)
        assert links.script == ""
        for url in links.urls:
            if url == "data:,":
                continue
            assert re.fullmatch(r"/[a-z./-]+", url), url
            loaded = await client.get(url)
            assert loaded.status_code == 200, url
            kind = "javascript" if url.endswith(".js") else "css" if url.endswith(".css") else "json"
            assert kind in loaded.headers["content-type"]
        assert len(links.urls) == 5
        assert "SwaggerUIBundle=" in (await client.get(f"/docs/{SCRIPT}")).text[:500]
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy


async def test_without_the_package_a_plain_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_folder", lambda: None)
    async with front() as client:
        page = await client.get("/docs")
        assert_error(await client.get(f"/docs/{SCRIPT}"), 404, "unknown_url")
    assert page.status_code == 200
    assert Links(page.text).urls == ["data:,", "/openapi.json"]
    for path in ("/v1/chat/completions", "/v1/models", "/health"):
        assert f"<td>{path}<td>" in page.text


def test_where_the_files_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = swagger_folder()
    assert found is not None
    assert found.parent.name == "fastapi_offline"
    folder = tmp_path / "some_engine" / "files"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(swagger_files, "_FOLDERS", (("no_such_package", "x"), ("some_engine", "files")))
    assert swagger_folder() is None
    for name in (SCRIPT, STYLE):
        (folder / name).write_text("")
    assert swagger_folder() == folder


def basic(password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"me:{password}".encode()).decode()}


async def test_a_browser_is_asked_for_the_key() -> None:
    async with front(api_key="k:1") as client:
        asked = await client.get("/docs", headers=BROWSER)
        assert asked.status_code == 401
        assert asked.headers["www-authenticate"].startswith("Basic ")
        assert (await client.get("/docs", headers=BROWSER | basic("k:1"))).status_code == 200
        document = (await client.get("/openapi.json", headers=basic("k:1"))).json()
        for wrong in ("", "k", "k:2"):
            assert_error(await client.get("/docs", headers=basic(wrong)), 401, "invalid_api_key")
        for broken in ("Basic", "Basic k:1", "Basic é", "Basic " + base64.b64encode(b"k:1").decode()):
            headers = [(b"authorization", broken.encode("latin-1"))]
            assert_error(await client.get("/docs", headers=headers), 401, "invalid_api_key")
    assert document["security"] == [{"key": []}]
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert document["paths"]["/health"]["get"]["security"] == []


async def test_the_password_of_a_browser_only_reads() -> None:
    """Other sites can make a browser send it with a request that it then answers for."""
    async with front(api_key="k") as client:
        response = await client.post("/v1/chat/completions", json=chat(), headers=BROWSER | basic("k"))
        assert_error(response, 401, "invalid_api_key")
        assert response.headers["www-authenticate"] == "Bearer"
        assert (await client.get("/v1/models", headers=basic("k"))).status_code == 200
