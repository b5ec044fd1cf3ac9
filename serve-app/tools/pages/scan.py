"""What a scanner or a fax machine does to a page."""

import io

import numpy as np
from PIL import Image, ImageFilter


def noisy(image: Image.Image, seed: int = 1) -> Image.Image:
    """Return a page as a poor scan shows it: grey paper, a little blur, grain, JPEG artefacts.

    Args:
        image: The clean page, RGB.
        seed: Of the grain.
    """
    grain = np.random.default_rng(seed).normal(0, 14, (image.height, image.width, 1))
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(0.7)), dtype=np.float64) * 0.8 + 30 + grain
    buffer = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=50)
    return Image.open(buffer).convert("RGB")


def skewed(image: Image.Image, degrees: float) -> Image.Image:
    """Return a page as if it were crooked on the scanner, turned anticlockwise by `degrees`."""
    return image.rotate(degrees, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)


FAX_DPI = 204
"""Dots an inch of a fax, across; down the page there are 98 lines an inch."""


def faxed(image: Image.Image, seed: int = 1) -> Image.Image:
    """Return a page as a fax in standard resolution shows it: black and white, half the lines, some dust.

    Args:
        image: The clean page, with `FAX_DPI` dots an inch.
        seed: Of the dust.

    Returns:
        Each line twice, as fax programs save it, so that letters keep their shape.
    """
    lines = round(image.height * 98 / FAX_DPI)
    grey = np.asarray(image.convert("L").resize((image.width, lines), Image.Resampling.BOX))
    dust = np.random.default_rng(seed).random(grey.shape)
    white = ((grey > 150) & (dust > 0.0005)) | (dust > 0.9995)
    dots = Image.fromarray((white * 255).astype(np.uint8))
    return dots.resize((image.width, 2 * lines), Image.Resampling.NEAREST).convert("1")
