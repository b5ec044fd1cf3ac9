"""Fills the model cache (`HF_HOME`) with one pinned revision of a model, and resumes where it stopped before.

Runs in a Job of the stack before the service starts. Needs huggingface_hub and, for a gated model, `HF_TOKEN`.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from huggingface_hub import snapshot_download

from ocr_app.model_files import PATTERNS


def main() -> int:
    """Download the model; returns the process's exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="repository, such as deepseek-ai/DeepSeek-OCR")
    parser.add_argument("--revision", required=True, help="commit of the repository")
    args = parser.parse_args()

    started = time.monotonic()
    print(f"fetching {args.model} at {args.revision} into {os.environ.get('HF_HOME', 'the default cache')}", flush=True)
    try:
        folder = snapshot_download(args.model, revision=args.revision, allow_patterns=PATTERNS)
    except Exception as error:  # whatever went wrong is the last word of the Job's log, in one line
        print(f"download failed: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return 1
    size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    print(f"{size / 1e9:.2f} GB in {time.monotonic() - started:.0f} s: {folder}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
