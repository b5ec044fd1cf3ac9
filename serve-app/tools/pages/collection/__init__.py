"""Our own pages to measure with: eleven kinds, three layouts of each, clean, scanned and faxed, with rules.

Nothing of them is committed: `folder` draws them into the cache. A page is drawn on a `Sheet` (`sheet.py`), which
remembers each line; `record.py` makes the rules of that, so what is drawn and what is looked for cannot differ. Texts
come from a `Writer` (`writer.py`) and the banks of `words.py` and `prose.py`; another seed gives other texts, fonts and
sizes.
"""

import hashlib
import importlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import PIL
from PIL import Image

from tools.pages import fonts, scan
from tools.pages.collection import record
from tools.pages.collection.sheet import Sheet
from tools.pages.collection.writer import Writer

KINDS = (
    "letters", "invoices", "receipts", "forms", "newspapers", "contracts", "slides", "screenshots", "resumes",
    "contents", "cards",
)  # fmt: skip
"""Names of the modules in `kinds`, and of the categories."""

VARIANTS = 3
"""Layouts of each kind."""

_DPI = 144
_NEVER_FAXED = ("screenshots",)
_CACHE = Path(__file__).resolve().parents[4] / ".cache" / "pages"


def _clean(image: Image.Image, random: Random) -> Image.Image:
    return image


def _scanned(image: Image.Image, random: Random) -> Image.Image:
    crooked = scan.skewed(image, random.uniform(0.3, 1.5) * random.choice((-1, 1)))
    return scan.noisy(crooked, seed=random.randrange(1_000))


def _faxed(image: Image.Image, random: Random) -> Image.Image:
    return scan.faxed(scan.skewed(image, random.uniform(-0.6, 0.6)), seed=random.randrange(1_000))


QUALITIES: dict[str, tuple[int, Callable[[Image.Image, Random], Image.Image]]] = {
    "clean": (_DPI, _clean),
    "scanned": (_DPI, _scanned),
    "faxed": (scan.FAX_DPI, _faxed),
}
"""For each, the resolution in which a page is drawn and what is then done to it."""


def sheet(kind: str, variant: int, seed: int, dpi: int = _DPI) -> Sheet:
    """Return a page, drawn.

    Args:
        kind: One of `KINDS`.
        variant: Which layout, from 0 to `VARIANTS` - 1.
        seed: Of texts, fonts and sizes.
        dpi: Pixels an inch.

    Raises:
        NotInstalledError: A font is missing.
    """
    module = importlib.import_module(f"{__name__}.kinds.{kind}")
    random = Random(f"{kind} {variant} {seed}")  # noqa: S311
    drawn: Sheet = module.draw(Writer(random), dpi / 72, variant)
    return drawn


def folder(seed: int = 1) -> Path:
    """Return a folder with the pages and the rules of a seed, drawn first if it is not there; some seconds.

    Raises:
        NotInstalledError: A font is missing.
    """
    target = _CACHE / f"seed-{seed}-{_fingerprint()}"
    if not target.is_dir():
        _CACHE.mkdir(parents=True, exist_ok=True)
        for old in _CACHE.glob(f"seed-{seed}-*"):
            shutil.rmtree(old)
        with tempfile.TemporaryDirectory(dir=_CACHE) as unfinished:
            _write(Path(unfinished) / "pages", seed)
            try:
                (Path(unfinished) / "pages").rename(target)
            except OSError:
                if not target.is_dir():  # else another run has drawn it meanwhile
                    raise
    return target


def _write(into: Path, seed: int) -> None:
    for quality in QUALITIES:
        (into / quality).mkdir(parents=True)
    for kind in KINDS:
        rules: list[dict[str, Any]] = []
        for name, quality, drawn, image in _pages(kind, seed):
            document = f"{quality}/{name}.{'jpg' if quality == 'scanned' else 'png'}"
            image.save(into / document)
            rules += record.rules(drawn, f"{name}-{quality}", document, poor=quality == "faxed")
        lines = (json.dumps(rule, ensure_ascii=False) for rule in rules)
        (into / f"{kind}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def _pages(kind: str, seed: int) -> Iterator[tuple[str, str, list[record.Drawn], Image.Image]]:
    for variant in range(VARIANTS):
        for quality, (dpi, spoil) in QUALITIES.items():
            if quality == "faxed" and kind in _NEVER_FAXED:
                continue
            drawn = sheet(kind, variant, seed, dpi)
            random = Random(f"{quality} {kind} {variant} {seed}")  # noqa: S311
            yield f"{kind}-{variant + 1}", quality, drawn.drawn, spoil(drawn.image, random)


def _fingerprint() -> str:
    """Return what changes whenever the pages may: the code that draws them, the fonts beside it, Pillow's version."""
    digest = hashlib.sha256(PIL.__version__.encode())
    for path in sorted(Path(fonts.__file__).parents[1].rglob("*")):
        if path.suffix in (".py", ".ttf"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
