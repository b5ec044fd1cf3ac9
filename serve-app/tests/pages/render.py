"""Draws pages with known text, the same on every machine: fonts come from ./fonts, noise from a seed."""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

LATIN = Path(__file__).parent / "fonts" / "NotoSerif.ttf"
CHINESE = Path(__file__).parent / "fonts" / "NotoSansSC.ttf"

WIDTH, MARGIN, SIZE = 1000, 90, 22
_LEADING = 1.45


def png(image: Image.Image) -> bytes:
    """Return an image as a PNG file."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def blank(height: int = 600) -> Image.Image:
    """Return a white page."""
    return Image.new("RGB", (WIDTH, height), "white")


def paragraphs(texts: Sequence[str], font: Path = LATIN, size: int = SIZE) -> Image.Image:
    """Return a page of one column, paragraphs set apart by half a line."""
    page = blank(900)
    bottom = _set(page, texts, MARGIN, MARGIN, WIDTH - 2 * MARGIN, font, size)
    return page.crop((0, 0, WIDTH, int(bottom) + MARGIN))


def two_columns(heading: str, left: str, right: str, running_head: tuple[str, str]) -> Image.Image:
    """Return a page with a running head and its number, a heading over the whole width and two columns."""
    page = blank(900)
    draw = ImageDraw.Draw(page)
    small = ImageFont.truetype(LATIN, 17)
    draw.text((MARGIN, 30), running_head[0], "black", small)
    draw.text((WIDTH - MARGIN, 30), running_head[1], "black", small, anchor="ra")
    draw.text((MARGIN, 110), heading, "black", ImageFont.truetype(LATIN, 40))
    column = (WIDTH - 2 * MARGIN - 40) // 2
    bottom = max(
        _set(page, [left], MARGIN, 200, column, LATIN, SIZE),
        _set(page, [right], MARGIN + column + 40, 200, column, LATIN, SIZE),
    )
    return page.crop((0, 0, WIDTH, int(bottom) + MARGIN))


def table(cells: Sequence[Sequence[str]], before: str, after: str) -> Image.Image:
    """Return a page with a table between two paragraphs; no lines between its cells."""
    page = blank(900)
    draw, font = ImageDraw.Draw(page), ImageFont.truetype(LATIN, SIZE)
    y = _set(page, [before], MARGIN, MARGIN, WIDTH - 2 * MARGIN, LATIN, SIZE) + 20
    for row in cells:
        for index, cell in enumerate(row):
            draw.text((MARGIN + 210 * index, y), cell, "black", font)
        y += SIZE * _LEADING
    bottom = _set(page, [after], MARGIN, y + 30, WIDTH - 2 * MARGIN, LATIN, SIZE)
    return page.crop((0, 0, WIDTH, int(bottom) + MARGIN))


def noisy(image: Image.Image, seed: int = 1) -> Image.Image:
    """Return a page as a poor scan shows it: grey paper, a little blur, grain, JPEG artefacts."""
    grain = np.random.default_rng(seed).normal(0, 14, (image.height, image.width, 1))
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(0.7)), dtype=np.float64) * 0.8 + 30 + grain
    buffer = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=50)
    return Image.open(buffer).convert("RGB")


def skewed(image: Image.Image, degrees: float) -> Image.Image:
    """Return a page that lies askew on the scanner, turned anticlockwise."""
    return image.rotate(degrees, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)


def _set(page: Image.Image, texts: Sequence[str], x: float, y: float, width: float, path: Path, size: int) -> float:
    """Draw paragraphs broken to a width; return the y below them."""
    draw, font = ImageDraw.Draw(page), ImageFont.truetype(path, size)
    for text in texts:
        line = ""
        # Chinese breaks between any two characters, the others between words.
        for piece in text if path == CHINESE else text.split(" "):
            longer = line + piece if path == CHINESE or not line else f"{line} {piece}"
            if draw.textlength(longer, font) > width:
                draw.text((x, y), line, "black", font)
                y += size * _LEADING
                longer = piece
            line = longer
        draw.text((x, y), line, "black", font)
        y += size * _LEADING * 1.5
    return y
