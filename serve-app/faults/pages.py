"""Pages and requests that honest clients send."""

import base64
import functools
import io
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from ocr_app.ocr.prompts import DEFAULT_INSTRUCTION

LINES = ("Invoice 4711", "Total amount due: 318.50", "Please pay within thirty days.")
"""What stands on the page of `text_page`."""


@functools.cache
def tiny_page() -> bytes:
    """Return a white PNG of a few pixels: enough for the engine `null`."""
    return _png(Image.new("RGB", (20, 10), "white"))


@functools.cache
def text_page() -> bytes:
    """Return a PNG with three short lines, which the engine `cpu` reads within a second or two."""
    image = Image.new("RGB", (640, 240), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(LINES):
        draw.text((30, 30 + 65 * number), line, fill="black", font=ImageFont.load_default(32))
    return _png(image)


@functools.cache
def full_sheet() -> bytes:
    """Return a PNG of 49 megapixels full of small print: the most honest work that one image can be."""
    side, size, margin = 7_000, 24, 100
    image = Image.new("L", (side, side), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size)
    words = " ".join([*LINES, "Goods as ordered, in good condition."])
    for number, y in enumerate(range(margin, side - margin, 3 * size // 2)):
        line = f"{number} " + words
        draw.text((margin, y), line * int((side - 2 * margin) / font.getlength(line)), fill=0, font=font)
    return _png(image)


def chat_request(image: bytes | None = None, media_type: str = "image/png") -> dict[str, Any]:
    """Return the body of a request that asks for the text of one image; the tiny page by default."""
    url = f"data:{media_type};base64," + base64.b64encode(image or tiny_page()).decode()
    content = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": DEFAULT_INSTRUCTION}]
    return {"model": "deepseek-ocr", "max_tokens": 256, "messages": [{"role": "user", "content": content}]}


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
