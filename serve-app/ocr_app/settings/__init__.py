"""The settings of the application: every default, bound and unit lives in this package and nowhere else.

Each file holds the section of its name; `application.py` puts the sections together.

Ray Serve passes the `args` of `serveConfigV2` to `ocr_app.app:build`, which validates them with `Settings`.
`npm run generate` writes its JSON Schema to `serve-app/ocr_app/settings.schema.json`, from which the TypeScript side
reads defaults and checks a stack's `app` settings before anything is created. Secrets are not settings: the API
key comes from the environment variable `OCR_API_KEY`.
"""

from ocr_app.settings.application import Settings
from ocr_app.settings.cpu import CpuEngineSettings
from ocr_app.settings.documents import DocumentSettings
from ocr_app.settings.files import FileSettings
from ocr_app.settings.http import HttpSettings
from ocr_app.settings.limits import LimitSettings
from ocr_app.settings.null import NullEngineSettings
from ocr_app.settings.prompt_rules import PromptRule
from ocr_app.settings.queue import QueueSettings
from ocr_app.settings.repetition import GuardSettings, LadderSettings, LoopSettings
from ocr_app.settings.vllm import VllmEngineSettings

__all__ = [
    "CpuEngineSettings",
    "DocumentSettings",
    "FileSettings",
    "GuardSettings",
    "HttpSettings",
    "LadderSettings",
    "LimitSettings",
    "LoopSettings",
    "NullEngineSettings",
    "PromptRule",
    "QueueSettings",
    "Settings",
    "VllmEngineSettings",
]
