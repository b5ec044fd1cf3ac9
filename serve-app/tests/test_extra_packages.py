"""Packages that a folder adds to those of the image."""

import os
import subprocess
import sys
from pathlib import Path

import ocr_app

_SOURCES = Path(ocr_app.__file__).parents[1]


def _run(code: str, **environment: str) -> str:
    command = [sys.executable, "-c", f"import ocr_app\n{code}"]
    env = os.environ | {"PYTHONPATH": str(_SOURCES)} | environment
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603


def test_what_the_image_lacks_is_found_and_what_it_has_is_not_replaced(tmp_path: Path) -> None:
    for package in ("numpy", "only_there"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    code = "import only_there, sys; from importlib.util import find_spec; "
    code += "print(only_there.__file__, find_spec('numpy').origin, sys.path[-1], sep='\\n')"
    there, numpy, last = _run(code, OCR_EXTRA_PACKAGES=str(tmp_path)).splitlines()
    assert there == str(tmp_path / "only_there" / "__init__.py")
    assert not numpy.startswith(str(tmp_path))
    assert last == str(tmp_path)


def test_without_a_folder_the_path_is_what_it_was() -> None:
    path = "import sys; before = list(sys.path); import importlib; importlib.reload(ocr_app); print(sys.path == before)"
    assert _run(path, OCR_EXTRA_PACKAGES="") == "True"
