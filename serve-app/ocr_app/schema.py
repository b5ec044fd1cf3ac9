"""Print the JSON Schema of the settings: `python -m ocr_app.schema > ocr_app/settings.schema.json`."""

import json
import sys

from ocr_app.settings import Settings


def settings_schema() -> str:
    """Return the JSON Schema of the settings as text."""
    return json.dumps(Settings.model_json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(settings_schema())
