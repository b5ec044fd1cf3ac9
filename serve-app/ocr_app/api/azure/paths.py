"""The paths of Azure's API, for all that must know them before a route is chosen."""

ROOT = "/documentintelligence/"
MODEL = "prebuilt-read"
ANALYZE = f"{ROOT}documentModels/{MODEL}:analyze"
RESULTS = f"{ROOT}documentModels/{MODEL}/analyzeResults"

KEY_HEADER = "ocp-apim-subscription-key"
"""What Azure's clients send instead of Authorization."""


def is_azure(path: str) -> bool:
    """Tell whether a request is for one of them, below any prefix of the application."""
    return ROOT in path
