"""`python -m ocr_app.ocr.verdict --finish stop|length FILE…`: judges raw outputs as the engine does.

Prints one JSON line for each file (`-` is the standard input): `file`, `verdict`, `characters`, `kept` (characters that
an answer without streaming keeps), `stopped_at` (characters after which the engine stops; null if it lets the output go
on to its end) and `why` (the loop: kind, start, period, repeats; null if there is none).
"""

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

from ocr_app.ocr.verdict import LoopDetector, find_loop, trim, verdict
from ocr_app.settings import LoopSettings

_PIECE = 48
"""Characters at a time: about what 16 tokens are, the steps of an answer that is not streamed."""


def judge(text: str, settings: LoopSettings, *, finished: bool) -> dict[str, Any]:
    """Judge one raw output.

    Args:
        text: As the model wrote it, grounding marks included.
        settings: What counts as a loop.
        finished: Whether the model ended it itself (`stop`), else it was cut off (`length`).
    """
    detector = LoopDetector(settings)
    loop, stopped_at = None, None
    for start in range(0, len(text), _PIECE):
        end = start + _PIECE
        if finished and end >= len(text):
            break  # The piece with the end of a page that is whole is not looked at.
        loop = detector.feed(text[start:end])
        if loop is not None:
            stopped_at = min(end, len(text))
            break
    if loop is None and not finished:
        loop = find_loop(text, settings)
    return {
        "verdict": verdict(loop=loop, finished=finished and loop is None, attempts=1),
        "characters": len(text),
        "kept": len(trim(text, loop)) if loop else len(text),
        "stopped_at": stopped_at,
        "why": dataclasses.asdict(loop) if loop else None,
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status, 2 if a file cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m ocr_app.ocr.verdict", description="Judge raw outputs of the model."
    )
    parser.add_argument(
        "--finish",
        choices=("stop", "length"),
        required=True,
        help="finish_reason: `stop` if the model ended the page itself, `length` if max_tokens or the context did",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a raw output in UTF-8; - is the standard input")
    options = parser.parse_args(arguments)
    status = 0
    for name in options.files:
        try:
            data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            report = judge(data.decode(), LoopSettings(), finished=options.finish == "stop")
        except (OSError, UnicodeDecodeError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            status = 2
            continue
        print(json.dumps({"file": name, **report}, ensure_ascii=False))
    return status


if __name__ == "__main__":
    sys.exit(main())
