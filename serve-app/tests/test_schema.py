from pathlib import Path

from ocr_app.schema import settings_schema


def test_the_committed_schema_is_fresh() -> None:
    committed = Path(__file__).parents[1].joinpath("ocr_app", "settings.schema.json").read_text()
    assert committed == settings_schema(), "run `python -m ocr_app.schema > ocr_app/settings.schema.json` in serve-app"
