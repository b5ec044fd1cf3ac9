"""Types of command line arguments."""

import argparse


def positive(text: str) -> int:
    """Return a whole number of at least 1, for `argparse`."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, not {value}")
    return value
