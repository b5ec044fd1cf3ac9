"""A file of several pages counts as so many images."""

import io
from typing import Any

import pytest
from PIL import Image

from ocr_app.engine.types import ImagePart, TextPart
from tests.api.support import FakeEngine, assert_error, chat, data_uri, front, image_bytes, image_part

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
    ("files", "wrong", "words"),
    [
        ([tiff(8)], None, ""),
        ([tiff(9)], 0, "The file has 9 pages, each of which counts as an image; at most 8 are accepted"),
        ([tiff(2_000, (1, 1))], 0, "The file has 2,000 pages"),
        ([tiff(4), tiff(4)], None, ""),
        ([tiff(4), image_bytes(), tiff(4)], 2, "4 pages, each of which counts as an image beside 5 others; at most 8"),
        ([tiff(8), image_bytes()], 0, "8 pages, each of which counts as an image beside 1 other"),
        ([image_bytes()] * 9, 8, "The message has 9 images"),
    ],
)
async def test_limits_count_pages(files: list[bytes], wrong: int | None, words: str) -> None:
    parts: list[Any] = [image_part(data_uri(file)) for file in files]
    async with front() as client:
        response = await client.post(CHAT, json=chat(*parts))
    if wrong is None:
        assert response.status_code == 200, response.text
    else:
        param = f"messages[0].content[{wrong}].image_url.url"
        assert words in assert_error(response, 413, "too_many_images", param)


async def test_a_page_with_too_many_pixels_is_named() -> None:
    buffer = io.BytesIO()
    Image.new("L", (50, 50)).save(buffer, "TIFF", save_all=True, append_images=[Image.new("L", (60, 50))])
    async with front(limits={"max_image_pixels": 2_500}) as client:
        response = await client.post(CHAT, json=chat(image_part(data_uri(buffer.getvalue()))))
    message = assert_error(response, 413, "image_too_large", "messages[0].content[0].image_url.url")
    assert message.startswith("Page 2 of the file: The image has 60 x 50")
