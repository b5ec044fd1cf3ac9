"""Where the files of Swagger UI are: in a Python package that has them, so that /docs needs no other server.

The images of the two engines have different packages; no code of either is imported.
"""

from importlib.util import find_spec
from pathlib import Path

SCRIPT = "swagger-ui-bundle.js"
STYLE = "swagger-ui.css"

_FOLDERS = (
    ("fastapi_offline", "static"),  # requirements/cpu.in
    ("vllm", "entrypoints/serve/instrumentator/static"),  # the image of engine vllm, for `vllm serve`
)


def swagger_folder() -> Path | None:
    """Return the folder with SCRIPT and STYLE; None if no package has them."""
    for package, path in _FOLDERS:
        spec = find_spec(package)
        for location in (spec.submodule_search_locations or ()) if spec is not None else ():
            folder = Path(location, path)
            if (folder / SCRIPT).is_file() and (folder / STYLE).is_file():
                return folder
    return None
