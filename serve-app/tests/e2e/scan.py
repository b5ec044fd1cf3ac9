"""A document that every door reads."""

import io

from PIL import Image, ImageDraw, ImageFont

WORDS = "Quarterly report"
"""On each of its pages."""


def two_pages() -> bytes:
    """A PDF of two pages that are pictures."""
    page = Image.new("L", (800, 400), "white")
    ImageDraw.Draw(page).text((60, 120), WORDS, "black", ImageFont.load_default(60))
    buffer = io.BytesIO()
    page.save(buffer, "PDF", save_all=True, append_images=[page], resolution=100)
    return buffer.getvalue()
