"""The one error of this package."""


class NotInstalledError(Exception):
    """Something that drawing needs is missing; the message says what, and how to install it."""
