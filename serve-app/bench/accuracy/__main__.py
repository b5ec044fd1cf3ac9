"""`python -m bench.accuracy`; see docs/benchmarks/accuracy.md."""

import argparse
import asyncio
import itertools
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.accuracy import pages, report, rules
from bench.accuracy.pages import Page
from bench.accuracy.readers import Cpu, Earlier, Endpoint, Reader, ReadError, Tesseract
from bench.accuracy.report import Reading
from bench.accuracy.rules import Rule, RulesError
from bench.accuracy.score import Verdict
from ocr_app.engine.types import RequestError
from ocr_app.ocr.prompts import DEFAULT_INSTRUCTION
from tools.arguments import positive
from tools.pages.errors import NotInstalledError


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _options(arguments)
    try:
        folder = options.pages or _own_set(options.seed)
        found = rules.load(folder)
        chosen = [rule for rule in found if not options.only or rule.category in options.only]
        if not chosen:
            raise RulesError(f"There are no rules of {', '.join(options.only)} in {folder}.")
        readers = _readers(options)
        readings = asyncio.run(_read(readers, chosen, folder, options.dpi, options.texts))
    except (RulesError, NotInstalledError) as error:
        print(error, file=sys.stderr)
        return 1
    skipped = [rule for rule in chosen if not rule.judged]
    print(report.markdown(readings, skipped))
    if options.failed:
        print(report.failed(readings))
    if options.json:
        about = {"pages": str(folder), "dpi": options.dpi, "only": options.only}
        everything = json.dumps(report.as_json(readings, skipped, about), indent=1, ensure_ascii=False)
        options.json.write_text(f"{everything}\n", "utf-8")
    return 0 if all(reading.pages for reading in readings) else 1


async def _read(
    readers: Sequence[Reader], chosen: Sequence[Rule], folder: Path, dpi: int, texts: Path | None
) -> list[Reading]:
    """Let the readers read each page in turn, so that other work on the machine disturbs them alike."""
    readings = [Reading(reader.name) for reader in readers]
    try:
        for reader in readers:
            await reader.start()
        documents = itertools.groupby((rule for rule in chosen if rule.judged), lambda rule: rule.document)
        for document, group in documents:
            by_page: dict[int, list[Rule]] = {}
            for rule in group:
                by_page.setdefault(rule.page, []).append(rule)
            for page in pages.images(folder, document, list(by_page), dpi):
                for reader, reading in zip(readers, readings, strict=True):
                    text = await _page(reader, page, reading)
                    reading.verdicts += [Verdict(rule, rules.judge(rule, text)) for rule in by_page[page.number]]
                    if texts:
                        _keep(texts / reader.name / page.text_file, text)
                print(page, file=sys.stderr)
    finally:
        for reader in readers:
            await reader.close()
    return readings


async def _page(reader: Reader, page: Page, reading: Reading) -> str:
    began = time.perf_counter()
    try:
        text = await reader.read(page)
    except (ReadError, RequestError) as error:
        reading.errors.append(f"{page}: {error}")
        return ""
    reading.pages += 1
    if not isinstance(reader, Earlier):
        reading.seconds.append(time.perf_counter() - began)
    return text


def _keep(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _readers(options: argparse.Namespace) -> list[Reader]:
    readers: list[Reader] = []
    if "cpu" in options.readers:
        readers.append(Cpu())
    if "tesseract" in options.readers:
        if Tesseract.installed():
            readers.append(Tesseract())
        else:
            print("Tesseract is skipped: it is not installed.", file=sys.stderr)
    readers += [Earlier(folder) for folder in options.read]
    if options.endpoint:
        key = os.environ.get(options.key_from) or "none"
        readers.append(Endpoint(options.endpoint, options.model, key, options.prompt))
    if not readers:
        raise RulesError(
            "Nothing is left that could read the pages; name another reader, an --endpoint or a folder to --read."
        )
    return readers


def _own_set(seed: int) -> Path:
    from tools.pages import collection

    return collection.folder(seed)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="npm run bench -- accuracy", description="Measure how much of a page comes back, by olmOCR-bench's rules."
    )
    parser.add_argument("--pages", type=_path, metavar="FOLDER", help="rules (*.jsonl) beside PDFs and images")
    parser.add_argument(
        "--seed", type=int, default=1, help="without --pages: which texts our own pages have (default: 1)"
    )
    parser.add_argument("--only", type=_words, default=[], metavar="CATEGORY,…", help="only these categories")
    parser.add_argument("--dpi", type=positive, default=pages.DPI, help=f"of PDF pages (default: {pages.DPI})")
    parser.add_argument(
        "--readers", type=_known_readers, default=["cpu", "tesseract"], metavar="NAME,…", help="cpu, tesseract, none"
    )
    parser.add_argument(
        "--read", type=_path, action="append", default=[], metavar="FOLDER", help="judge what was read before, too"
    )
    parser.add_argument("--endpoint", metavar="URL", help="an OpenAI endpoint to read with, too")
    parser.add_argument("--model", default="deepseek-ocr", help="its model (default: deepseek-ocr)")
    parser.add_argument(
        "--key-from", default="OCR_API_KEY", metavar="VARIABLE", help="environment variable with its key"
    )
    parser.add_argument("--prompt", default=DEFAULT_INSTRUCTION, help=f"its prompt (default: {DEFAULT_INSTRUCTION!r})")
    parser.add_argument("--failed", action="store_true", help="list the rules that do not hold")
    parser.add_argument("--json", type=_path, metavar="FILE", help="write the verdict on every rule")
    parser.add_argument("--texts", type=_path, metavar="FOLDER", help="write what was read, named as olmOCR-bench does")
    return parser.parse_args(arguments)


def _path(text: str) -> Path:
    """Return a path; npm changes the directory, and INIT_CWD is the user's."""
    return Path(os.environ.get("INIT_CWD", ".")) / text


def _words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]


def _known_readers(text: str) -> list[str]:
    names = _words(text)
    for name in names:
        if name not in ("cpu", "tesseract", "none"):
            raise argparse.ArgumentTypeError(f"there is no reader {name!r} (known: cpu, tesseract, none)")
    return names


if __name__ == "__main__":
    sys.exit(main())
