"""Small pages; their content does not matter to random weights, their sizes do."""

import base64
import io
from typing import Any

from PIL import Image, ImageDraw


def page(width: int = 500, height: int = 400, text: str = "Invoice 42") -> Image.Image:
    """Return a page with a line of text."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for line in range(0, height, 40):
        draw.text((20, line), f"{text} / {line}", fill="black")
    return image


def data_uri(image: Image.Image) -> str:
    """Return an image as a data URI."""
    file = io.BytesIO()
    image.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


PARITY: list[dict[str, Any]] = [
    {"size": (500, 400), "prompt": "Free OCR.", "max_tokens": 40},
    {"size": (500, 400), "prompt": "<|grounding|>Convert the document to markdown.", "max_tokens": 40},
    {"size": (700, 300), "prompt": "Free OCR.", "max_tokens": 24},
]
"""Requests that vLLM alone and our service must answer alike; the last page is tiled."""
