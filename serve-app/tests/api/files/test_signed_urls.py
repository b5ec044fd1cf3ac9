"""URLs that need no key, and all that must not pass for one."""

from pathlib import Path

import pytest

from ocr_app.api.errors import ApiError
from ocr_app.api.files.signing import Signer
from tests.api.files.support import NOW, PDF, Clock, files_front, keep, upload
from tests.api.support import assert_error

KEY = {"authorization": "Bearer k"}


async def test_a_signed_url_needs_no_key_until_it_expires(tmp_path: Path) -> None:
    clock = Clock()
    files = keep(tmp_path, clock)
    async with files_front(files, api_key="k") as client:
        client.headers.update(KEY)
        made = await upload(client)
        answer = (await client.get(f"/v1/files/{made['id']}/url", params={"expiry": 2})).json()
        del client.headers["authorization"]
        assert answer["url"].startswith(f"http://front:8000/v1/files/{made['id']}/content?expires=")
        assert answer["expires_at"] == NOW + 7_200
        assert (await client.get(answer["url"])).content == PDF
        assert (await client.head(answer["url"])).status_code == 200
        clock.now += 7_199.9
        assert files.resolve_url(answer["url"]) == made["id"]
        clock.now += 0.1
        assert_error(await client.get(answer["url"]), 401, "missing_api_key")
        assert_error(await client.get(answer["url"], headers=KEY), 403, "url_expired")
        with pytest.raises(ApiError, match="ask for a new one") as caught:
            files.resolve_url(answer["url"], "document.document_url")
        assert (caught.value.status, caught.value.code, caught.value.param) == (
            400,
            "url_expired",
            "document.document_url",
        )


async def test_a_url_ends_with_its_file(tmp_path: Path) -> None:
    clock = Clock()
    async with files_front(keep(tmp_path, clock), api_key="k") as client:
        client.headers.update(KEY)
        made = await upload(client, expiry="1")
        answer = (await client.get(f"/v1/files/{made['id']}/url", params={"expiry": 168})).json()
        assert answer["expires_at"] == made["expires_at"] == NOW + 3_600
        await client.delete(f"/v1/files/{made['id']}")
        del client.headers["authorization"]
        assert_error(await client.get(answer["url"]), 404, "file_not_found")


async def test_only_the_content_of_that_file_is_open(tmp_path: Path) -> None:
    async with files_front(keep(tmp_path), api_key="k") as client:
        client.headers.update(KEY)
        one, two = await upload(client), await upload(client)
        url = (await client.get(f"/v1/files/{one['id']}/url")).json()["url"]
        del client.headers["authorization"]
        query = url.partition("?")[2]
        for method, path in (
            ("GET", f"/v1/files/{two['id']}/content"),
            ("GET", f"/v1/files/{one['id']}"),
            ("GET", f"/v1/files/{one['id']}/url"),
            ("GET", "/v1/files"),
            ("GET", "/v1/models"),
            ("GET", f"/v1/models/v1/files/{one['id']}/content"),
            ("GET", f"/x/v1/files/{one['id']}/content"),
            ("DELETE", f"/v1/files/{one['id']}"),
            ("DELETE", f"/v1/files/{one['id']}/content"),
            ("POST", f"/v1/files/{one['id']}/content"),
            ("POST", "/v1/files"),
        ):
            assert_error(await client.request(method, f"{path}?{query}"), 401, "missing_api_key")


async def test_signatures_that_are_not_ours(tmp_path: Path) -> None:
    files = keep(tmp_path)
    async with files_front(files, api_key="k") as client:
        client.headers.update(KEY)
        made = await upload(client)
        url = (await client.get(f"/v1/files/{made['id']}/url")).json()["url"]
        base, _, query = url.partition("?")
        expires, signature = (pair.partition("=")[2] for pair in query.split("&"))
        other = Signer(b"x" * 32, Clock()).path_and_query(made["id"], int(expires)).rpartition("=")[2]
        for wrong in (
            f"expires={int(expires) + 1}&signature={signature}",
            f"expires={expires}&signature={other}",
            f"expires={expires}&signature={signature[:-1]}",
            f"expires={expires}&signature=",
            f"expires={expires}&signature=%ED%A0%80é",
            f"expires=0{expires}&signature={signature}",
            f"expires=&signature={signature}",
            f"expires={expires}&signature={signature}&signature={other}",
            f"expires={expires}&signature={other}&signature={signature}",
            f"expires={expires}&signature={signature}&more=1",
            f"signature={signature}",
        ):
            assert files.resolve_url(f"{base}?{wrong}") is None
            assert_error(await client.get(f"{base}?{wrong}"), 403, "invalid_signature")
            del client.headers["authorization"]
            assert_error(await client.get(f"{base}?{wrong}"), 401, "missing_api_key")
            client.headers.update(KEY)
        # Without one it is an ordinary request with the key.
        assert (await client.get(f"{base}?expires={expires}")).content == PDF


async def test_the_host_and_prefix_of_a_url_mean_nothing(tmp_path: Path) -> None:
    files = keep(tmp_path)
    async with files_front(files) as client:
        made = await upload(client)
        url = (await client.get(f"/v1/files/{made['id']}/url")).json()["url"]
    path = url.removeprefix("http://front:8000")
    for host in (
        "https://ocr.example",
        "http://169.254.169.254",
        "http://user:pass@[::1]:1",
        "http://x/behind/a/proxy",
    ):
        assert files.resolve_url(host + path) == made["id"]
    for other in (
        "https://example.com/a.pdf",
        "file:///etc/passwd",
        f"ftp://x{path}",
        path,
        "",
        "http://[",
        "data:application/pdf;base64,JVBERi0=",
        url.replace("/content", "/content/"),
        url.replace("/content", "/../content"),
        url.replace("file-", "FILE-"),
        "http://x/" + "a" * 3_000 + path,
    ):
        assert files.resolve_url(other) is None


async def test_urls_name_the_host_that_the_client_used(tmp_path: Path) -> None:
    async with files_front(keep(tmp_path)) as client:
        path = f"/v1/files/{(await upload(client))['id']}/url"
        for headers, origin in (
            ({"host": "hel1-ai-deepseek-ocr.tail.ts.net"}, "http://hel1-ai-deepseek-ocr.tail.ts.net/v1/"),
            ({"host": "[fd7a::1]:8000"}, "http://[fd7a::1]:8000/v1/"),
            ({"host": "ocr.example", "x-forwarded-proto": "https"}, "https://ocr.example/v1/"),
            ({"host": "ocr.example", "x-forwarded-proto": "javascript"}, "http://ocr.example/v1/"),
        ):
            assert (await client.get(path, headers=headers)).json()["url"].startswith(origin)
        for host in ("evil.example/path?", "a b", "x@y", ""):
            assert_error(await client.get(path, headers={"host": host}), 400, "invalid_header")
        client._transport.root_path = "/main"  # type: ignore[attr-defined]
        assert "/main/v1/files/" in (await client.get(f"/main{path}")).json()["url"]


@pytest.mark.parametrize("expiry", ["0", "169", "-1", "1.5", "x", "٣"])
async def test_hours_out_of_range(tmp_path: Path, expiry: str) -> None:
    async with files_front(keep(tmp_path)) as client:
        path = f"/v1/files/{(await upload(client))['id']}/url"
        assert_error(await client.get(path, params={"expiry": expiry}), 400, "invalid_value", "expiry")


@pytest.mark.parametrize(
    "file_id", ["..", "%2e%2e", "..%2Fkey", "key", "file-x", "a%00b", "%F0%9F%98%80", "file-" + "0" * 44, "x" * 500]
)
async def test_ids_that_lead_nowhere(tmp_path: Path, file_id: str) -> None:
    async with files_front(keep(tmp_path)) as client:
        for path in (f"/v1/files/{file_id}", f"/v1/files/{file_id}/content", f"/v1/files/{file_id}/url"):
            assert_error(await client.get(f"http://front{path}"), 404)
        assert (await client.delete(f"http://front/v1/files/{file_id}")).status_code in (404, 405)


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("limit=0", "limit"),
        ("limit=10001", "limit"),
        ("limit=x", "limit"),
        ("after=nothing", "after"),
        ("order=newest", "order"),
        ("purpose=x", "purpose"),
        ("page=-1", "page"),
        ("page=1&limit=2", "limit"),
        ("search=a", "search"),
    ],
)
async def test_wrong_parameters_of_a_list(tmp_path: Path, query: str, param: str) -> None:
    async with files_front(keep(tmp_path)) as client:
        assert_error(await client.get(f"/v1/files?{query}"), 400, param=param)
