"""Which `model` a request for a document may name."""

from ocr_app.api.echo import quote
from ocr_app.api.errors import ApiError

_ALIAS = "mistral-ocr"
"""Clients have Mistral's own name built in, with a date or `-latest` after it, and some cannot be told another."""


def check_model(given: str | None, own: str) -> None:
    """Accept this service's model, any of Mistral's OCR models in its place, and none at all.

    Args:
        given: The request's `model`.
        own: `model_id` of the settings.

    Raises:
        ApiError: 404 for any other.
    """
    if given is None or given in (own, _ALIAS) or given.startswith(_ALIAS + "-"):
        return
    message = f"The model {quote(given, 100)} does not exist; use {own!r} or 'mistral-ocr-latest'."
    raise ApiError(404, message, param="model", code="model_not_found")
