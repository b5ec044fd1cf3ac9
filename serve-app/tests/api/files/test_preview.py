import dataclasses
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image

from ocr_app.documents.opener import Opener
from ocr_app.settings import FileSettings, Settings
from tests.api.documents import reading
from tests.api.files.support import files_front, keep, upload
from tests.api.support import Client, assert_error
from tests.documents import pdfs

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    opener = Opener(Settings())
    folder = FileSettings(directory=str(tmp_path_factory.mktemp("files")))
    async with reading(opener, files=folder) as found:
        yield found
    await opener.close()


def saved(*pages: Image.Image, form: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    several = {"save_all": True, "append_images": pages[1:]} if form == "TIFF" else {}
    pages[0].save(buffer, form, **several)
    return buffer.getvalue()


async def picture(client: Client, file: dict[str, Any], page: str = "1.jpg", **query: Any) -> Image.Image:
    response = await client.get(f"/v1/files/{file['id']}/pages/{page}", params=query)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "image/jpeg"
    assert response.headers["x-content-type-options"] == "nosniff"
    return Image.open(io.BytesIO(response.content))


async def test_each_page_of_a_pdf_is_a_picture_of_the_size_that_is_asked_for(client: Client) -> None:
    file = await upload(client, pdfs.pages(3))
    default = await picture(client, file)
    assert (default.format, max(default.size)) == ("JPEG", 1_600)
    small = await picture(client, file, "3.jpg", side=200)
    assert max(small.size) == 200
    first = await picture(client, file, "1.jpg", side=200)
    assert first.tobytes() != small.tobytes()


async def test_a_page_of_a_tiff_and_a_transparent_image_are_pictures_too(client: Client) -> None:
    scan = await upload(client, saved(Image.new("1", (300, 200)), Image.new("1", (500, 400)), form="TIFF"), "a.tif")
    assert (await picture(client, scan, "2.jpg", side=100)).size == (100, 80)
    image = await upload(client, saved(Image.new("RGBA", (60, 40), (0, 0, 0, 0))), "a.png")
    drawn = await picture(client, image, side=1_000)
    assert drawn.size == (60, 40)
    assert drawn.convert("RGB").getpixel((30, 20)) == (255, 255, 255)


@pytest.mark.parametrize("page", ["0.jpg", "4.jpg", "999999.jpg", "1.png", "1", "-1.jpg", "1.jpg.jpg"])
async def test_other_pages_are_not_found(client: Client, page: str) -> None:
    file = await upload(client, pdfs.pages(3))
    assert_error(await client.get(f"/v1/files/{file['id']}/pages/{page}"), 404, "page_not_found")


@pytest.mark.parametrize("side", ["0", "31", "4001", "-5", "a", "1e3", "9" * 500])
async def test_a_size_that_is_none_is_refused(client: Client, side: str) -> None:
    file = await upload(client, pdfs.pages(1))
    response = await client.get(f"/v1/files/{file['id']}/pages/1.jpg", params={"side": side})
    assert "32 to 4000" in assert_error(response, 400, "invalid_value", "side")


async def test_files_without_pages_say_what_they_are(client: Client) -> None:
    for data, code in ((b"plain text", "invalid_image"), (pdfs.encrypted("x"), "encrypted_pdf")):
        file = await upload(client, data)
        assert_error(await client.get(f"/v1/files/{file['id']}/pages/1.jpg"), 400, code, "file_id")
    gone = await client.get(f"/v1/files/file-{'0' * 44}/pages/1.jpg")
    assert_error(gone, 404, "file_not_found")


async def test_a_picture_needs_the_key_and_no_signature_will_do(tmp_path: Path) -> None:
    files = keep(tmp_path)
    async with files_front(files, "secret") as client:
        client.headers["authorization"] = "Bearer secret"
        file = await upload(client, pdfs.pages(1))
        url = (await client.get(f"/v1/files/{file['id']}/url")).json()["url"]
        del client.headers["authorization"]
        assert (await client.get(url)).status_code == 200
        signed = url.replace("/content", "/pages/1.jpg")
        assert_error(await client.get(signed), 401, "missing_api_key")


async def test_what_is_held_is_bounded(client: Client) -> None:
    file = await upload(client, pdfs.pages(1))
    service = client._transport.app.state.service  # type: ignore[attr-defined]
    budget = type(service.bodies)(10, 1)
    client._transport.app.state.service = dataclasses.replace(service, bodies=budget)  # type: ignore[attr-defined]
    try:
        assert_error(await client.get(f"/v1/files/{file['id']}/pages/1.jpg"), 429)
    finally:
        client._transport.app.state.service = service  # type: ignore[attr-defined]
