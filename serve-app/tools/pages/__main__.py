"""Draw the committed pages: `python -m tools.pages [sample|golden]`; both without a name. Prints their paths."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.pages.errors import NotInstalledError

REPORTLAB = "5.1.0"
"""Version of the package that the sample is written with."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.pages", description="Draw the committed pages.")
    parser.add_argument("pages", nargs="?", choices=("sample", "golden"), help="which pages (default: both)")
    options = parser.parse_args(arguments)
    try:
        for path in _write(options.pages):
            print(path)
    except NotInstalledError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _write(pages: str | None) -> Iterator[Path]:
    # Imported here, because the two need different packages.
    if pages != "sample":
        from tools.pages import golden

        yield from golden.write()
    if pages != "golden":
        try:
            from tools.pages import sample
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != "reportlab":
                raise
            raise NotInstalledError(
                f"Drawing the sample needs reportlab {REPORTLAB}, which is not installed here. Run in serve-app: "
                f"uv run --no-project --with reportlab=={REPORTLAB} python -m tools.pages sample"
            ) from error
        yield sample.write()


if __name__ == "__main__":
    sys.exit(main())
