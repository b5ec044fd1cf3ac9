"""The client's own text in errors and logs, never more of it than a few words."""

MOST = 200
"""Most characters of the client's text in one error: message and `param` together."""


def clip(text: str, most: int) -> str:
    """Return `text`, its middle left out if it is longer than `most` characters."""
    if len(text) <= most:
        return text
    end = (most - 1) // 3
    return f"{text[: most - 1 - end]}…{text[len(text) - end :]}"


def quote(text: str, most: int) -> str:
    """Return text as a Python literal of at most `most` characters."""
    # The literal of a character is at least as long as the character: more of the text is of no use.
    literal = repr(text[: most + 1])
    return literal if len(text) <= most and len(literal) <= most else literal[: most - 2] + "…" + literal[0]
