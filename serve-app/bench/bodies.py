"""Requests to measure with."""

import base64
import io
import json
import random
from pathlib import Path

from PIL import Image

from ocr_app.ocr.prompts import DEFAULT_INSTRUCTION

BODY_SIZES = {"50 KB": 50_000, "250 KB": 250_000, "1 MB": 1_000_000}


def noise_body(size: int) -> bytes:
    """Return the body of a chat completion of about `size` bytes, with one PNG of noise, which nothing compresses."""
    pixels = size * 3 // 4 // 3
    width = max(8, int(pixels**0.5))
    height = max(8, pixels // width)
    image = Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3))  # noqa: S311
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=0)
    return chat_body(buffer.getvalue())


def chat_body(png: bytes) -> bytes:
    """Return the body of a chat completion that asks for the text of one page."""
    content = [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64," + base64.b64encode(png).decode()}},
        {"type": "text", "text": DEFAULT_INSTRUCTION},
    ]
    body = {"model": "deepseek-ocr", "max_tokens": 8192, "messages": [{"role": "user", "content": content}]}
    return json.dumps(body).encode()


def sample_page() -> bytes:
    """Return the sample of `npm start` as a PNG file."""
    import tempfile

    from tools.pdf_to_images import convert

    sample = Path(__file__).resolve().parents[2] / "examples" / "sample.pdf"
    with tempfile.TemporaryDirectory() as folder:
        return next(iter(convert(sample, Path(folder)))).read_bytes()
