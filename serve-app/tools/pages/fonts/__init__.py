"""Fonts: two beside this file, so that a page looks the same on every machine, and those of the system."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

from tools.pages.errors import NotInstalledError

NOTO_SERIF = str(Path(__file__).with_name("NotoSerif.ttf"))
NOTO_SANS_SC = str(Path(__file__).with_name("NotoSansSC.ttf"))
DEJAVU_SANS = "DejaVuSans.ttf"
DEJAVU_SANS_BOLD = "DejaVuSans-Bold.ttf"
DEJAVU_SERIF = "DejaVuSerif.ttf"
DEJAVU_SERIF_BOLD = "DejaVuSerif-Bold.ttf"
DEJAVU_MONO = "DejaVuSansMono.ttf"
DEJAVU_MONO_BOLD = "DejaVuSansMono-Bold.ttf"


@cache
def load(font: str, size: int) -> ImageFont.FreeTypeFont:
    """Return a font.

    Args:
        font: One of this module's names, or the path of another font file.
        size: In pixels.

    Raises:
        NotInstalledError: The font is missing.
    """
    try:
        return ImageFont.truetype(font, size)
    except OSError as error:
        raise NotInstalledError(
            f"The font {font} was not found. Install the DejaVu fonts, for example with "
            "`apt-get install fonts-dejavu-core` or `brew install --cask font-dejavu`."
        ) from error
