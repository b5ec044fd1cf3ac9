"""Builds lines for the layout tests: 10 pixels a character, 20 high, one every 24."""

from ocr_app.engine.cpu.layout.types import Box, Line

UNIT, PITCH, CHARACTER = 20.0, 24.0, 10.0


def line(text: str, x: float = 0, y: float = 0, *, height: float = UNIT, width: float | None = None) -> Line:
    """A line with its top left corner at (x, y)."""
    return Line(text, Box(x, y, x + (width or CHARACTER * len(text)), y + height))


def column(texts: list[str], x: float = 0, y: float = 0, *, width: float | None = None) -> list[Line]:
    """Lines below each other."""
    return [line(text, x, y + PITCH * index, width=width) for index, text in enumerate(texts)]


def prose(name: str, count: int) -> list[str]:
    """Lines of running text of 30 characters, told apart by name and number."""
    return [f"{name} {chr(97 + index)} lorem ipsum dolor sit amet"[:30].ljust(30, "x") for index in range(count)]
