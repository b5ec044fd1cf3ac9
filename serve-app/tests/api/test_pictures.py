"""A file of several pages counts as so many images."""

import io
from typing import Any

import pytest
from PIL import Image

from ocr_app.engine.types import ImagePart, TextPart
from tests.api.support import FakeEngine, assert_error, chat, close_documents, data_uri, front, image_bytes, image_part

CHAT = "/v1/chat/completions"


def tiff(pages: int, size: tuple[int, int] = (20, 10)) -> bytes:
    buffer = io.BytesIO()
    first, *rest = [Image.new("L", size, 250 - index) for index in range(pages)]
    first.save(buffer, "TIFF", save_all=True, append_images=rest)
    return buffer.getvalue()


async def test_each_page_has_its_part_and_the_file_comes_once() -> None:
    engine = FakeEngine()
    file = tiff(3)
    parts = [image_part(), {"type": "text", "text": "Read."}, image_part(data_uri(file)), image_part()]
    async with front(engine) as client:
        assert (await client.post(CHAT, json=chat(*parts))).status_code == 200
    (request,) = engine.requests
    params = [f"messages[0].content[{index}].image_url.url" for index in (0, 2, 3)]
    assert request.images == (image_bytes(), file, image_bytes())
    assert request.messages[0].parts == (
        ImagePart(0, params[0]),
        TextPart("Read."),
        *(ImagePart(1, params[1], page) for page in range(3)),
        ImagePart(2, params[2]),
    )
    assert [(picture.param, picture.page) for picture in request.pictures] == [
        (params[0], None), (params[1], 0), (params[1], 1), (params[1], 2), (params[2], None),
    ]  # fmt: skip
    assert type(request).from_wire(*request.to_wire()) == request


@pytest.mark.parametrize(
    ("files", "limit", "requests"),
    [
        ([tiff(8)], 8, 1),
        ([tiff(4), tiff(4)], 8, 1),
        ([tiff(9)], 8, 9),
        ([tiff(4), image_bytes(), tiff(4)], 8, 9),
        ([tiff(2)], 1, 2),
    ],
)
async def test_more_pages_than_images_are_read_one_by_one(files: list[bytes], limit: int, requests: int) -> None:
    engine = FakeEngine()
    parts: list[Any] = [image_part(data_uri(file)) for file in files]
    async with front(engine, limits={"max_images": limit}) as client:
        response = await client.post(CHAT, json=chat(*parts))
        await close_documents(client)
    assert response.status_code == 200, response.text
    assert len(engine.requests) == requests


async def test_limits_count_files_and_pages() -> None:
    many = [image_part() for _ in range(9)]
    long = image_part(data_uri(tiff(2_000, (1, 1))))
    async with front() as client:
        response = await client.post(CHAT, json=chat(*many))
        message = assert_error(response, 413, "too_many_images", "messages[0].content[8].image_url.url")
        assert "The message has 9 images" in message
        response = await client.post(CHAT, json=chat(long))
        message = assert_error(response, 413, "too_many_pages", "messages[0].content[0].image_url.url")
        assert "The document has 2,000 pages; at most 100 are read in one request" in message
        await close_documents(client)


async def test_a_page_with_too_many_pixels_is_named() -> None:
    buffer = io.BytesIO()
    Image.new("L", (50, 50)).save(buffer, "TIFF", save_all=True, append_images=[Image.new("L", (60, 50))])
    async with front(limits={"max_image_pixels": 2_500}) as client:
        response = await client.post(CHAT, json=chat(image_part(data_uri(buffer.getvalue()))))
    message = assert_error(response, 413, "image_too_large", "messages[0].content[0].image_url.url")
    assert message.startswith("Page 2 of the file: The image has 60 x 50")
