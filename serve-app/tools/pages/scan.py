"""What a scanner does to a page."""

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
