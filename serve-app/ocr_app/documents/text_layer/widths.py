"""How wide characters usually are, so that a word within a line lies near the word on the page."""

import functools
import unicodedata

from ocr_app.documents.text_layer.glyphless import WIDTHS

_BY_CHARACTERS = {
    280: " !'|.,:;`ijlI\u00a0·‘’‚ı",
    350: '"()[]{}-/\\*frtJ°“”„•‐‑',
    680: "ABCDEGHKNOPQRSTUVXYZ&w+=<>~—Ø",
    850: "mMW%@œæŒÆ™…",
}
_KNOWN = {character: width for width, characters in _BY_CHARACTERS.items() for character in characters}
_USUAL = 550


@functools.lru_cache(maxsize=4_096)
def glyph_of(character: str) -> int:
    """Return which glyph of the glyphless font a character is set in.

    Args:
        character: One character. Letters with marks are as wide as those without; Chinese, Japanese and Korean ones and
            emoji fill a square; marks that stand above or below other letters have no width.
    """
    return WIDTHS.index(_width(character), 1)


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return 1000
    plain = unicodedata.normalize("NFD", character)[:1]
    return _KNOWN.get(plain, _USUAL)


def natural_width(text: str) -> float:
    """Return the width of a text in font sizes."""
    return sum(WIDTHS[glyph_of(character)] for character in text) / 1000
