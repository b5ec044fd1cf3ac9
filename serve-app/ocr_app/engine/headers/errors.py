"""What is wrong with a file's header."""


class Damaged(Exception):
    """The file breaks the rules of its format, or ends too early.

    Args:
        reason: In a few words; empty if there is nothing to add.
    """


class Excess(Exception):
    """The file has more of something than any honest one.

    Args:
        what: The bound and the thing, such as "100 scans".
    """
