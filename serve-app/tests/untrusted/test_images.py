import asyncio
import io
from collections.abc import AsyncIterator

import numpy as np
import pytest
from PIL import Image

from ocr_app.engine.formats import ACCEPTED
from ocr_app.engine.images import decode
from ocr_app.engine.types import Picture, RequestError
from ocr_app.settings import LimitSettings
from ocr_app.untrusted.images import Pixels, child_limits, decode_image
from ocr_app.untrusted.pool import ChildPool
from ocr_app.untrusted.process import Limits
from tests.engine import heics
from tests.engine.hostile_images import HOSTILE_IMAGES

MOST = 50_000_000
PARAM = "messages[0].content[1].image_url.url"


@pytest.fixture
async def pool() -> AsyncIterator[ChildPool]:
    limits = child_limits(LimitSettings())
    # Less time than by default, so that the slow files end soon.
    made = ChildPool(Limits(cpu_s=2, memory_bytes=limits.memory_bytes), workers=1)
    await made.start()
    yield made
    await made.close()


def file(image: Image.Image, form: str = "png") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form.upper().replace(" ", ""))
    return buffer.getvalue()


SMALL = Picture(file(Image.new("RGB", (9, 9))), PARAM)


async def test_pixels_are_those_that_this_process_would_decode(pool: ChildPool) -> None:
    colours = Image.effect_mandelbrot((1_300, 900), (-2, -1, 1, 1), 50).convert("RGB")
    for source in (colours, colours.convert("RGBA"), colours.convert("P"), Image.new("I;16", (700, 2_000), 30_000)):
        for form in ACCEPTED if source.mode == "RGB" else ("png",):
            data = file(source, form) if form != "heic" else heics.picture("ten_bits")
            pixels = await decode_image(pool, Picture(data, PARAM), max_pixels=MOST)
            assert np.array_equal(pixels.array(), np.asarray(decode(data, max_pixels=MOST)))
            assert pixels.image().tobytes() == pixels.array().tobytes()
            turned = await decode_image(pool, Picture(data, PARAM), max_pixels=MOST, order="BGR")
            assert np.array_equal(turned.array()[..., ::-1], pixels.array())
            assert turned.image().tobytes() == pixels.image().tobytes()


async def test_errors_are_the_same_and_name_the_field(pool: ChildPool) -> None:
    whole = file(Image.effect_noise((60, 40), 99))
    for data in (b"hello", whole[: len(whole) // 2], b""):
        with pytest.raises(RequestError) as here:
            decode(data, max_pixels=MOST, param=PARAM)
        with pytest.raises(RequestError) as there:
            await decode_image(pool, Picture(data, PARAM), max_pixels=MOST)
        for name in ("message", "code", "status", "param"):
            assert getattr(there.value, name) == getattr(here.value, name)


async def test_a_decoder_without_end_is_stopped_with_advice(pool: ChildPool) -> None:
    with pytest.raises(RequestError, match=r"takes over 2 s; save it again as a plain PNG or JPEG") as error:
        await decode_image(pool, Picture(HOSTILE_IMAGES["jpeg_100_scans_of_arithmetic_code"](), PARAM), max_pixels=MOST)
    assert (error.value.status, error.value.code, error.value.param) == (400, "invalid_image", PARAM)
    assert (await decode_image(pool, SMALL, max_pixels=MOST)).width == 9


async def test_a_decoder_with_too_little_memory_is_the_clients_mistake_too() -> None:
    pool = ChildPool(Limits(cpu_s=20, memory_bytes=160 * 2**20), workers=1, spares=0)
    await pool.start()
    try:
        with pytest.raises(RequestError, match="needs too much memory") as error:
            await decode_image(
                pool, Picture(HOSTILE_IMAGES["png_49_megapixels_rgba_of_16_bits"](), PARAM), max_pixels=MOST
            )
        assert error.value.code == "invalid_image"
        assert (await decode_image(pool, SMALL, max_pixels=MOST)).width == 9
    finally:
        await pool.close()


async def test_no_hostile_file_does_more_than_cost_its_share(pool: ChildPool) -> None:
    for name, build in HOSTILE_IMAGES.items():
        data = build()
        assert len(data) <= 4_000_000, name
        (result,) = await asyncio.gather(
            decode_image(pool, Picture(data, PARAM), max_pixels=MOST), return_exceptions=True
        )
        if isinstance(result, Pixels):
            assert result.width * result.height <= MOST, name
        else:
            assert isinstance(result, RequestError), name
            assert result.status in (400, 413), name
            assert len(result.message) < 250, name
