"""What stands in a text in the place of a page that could not be read."""


def page_marker(message: str) -> str:
    """Return a comment of Markdown and HTML with the reason.

    Args:
        message: For the client; it begins with the page, such as "Page 3: ".
    """
    # Two hyphens would end the comment.
    plain = message.replace(">", "")
    while "--" in plain:
        plain = plain.replace("--", "- -")
    return f"<!-- {plain} -->"
