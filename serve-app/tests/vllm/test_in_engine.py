"""What vLLM imports into its engine process, which it starts afresh, tells it how large our pages can be there."""

import os
import subprocess
import sys
from pathlib import Path

from tests.vllm.service import ENVIRONMENT, SERVE_APP

# What vLLM's worker does with the argument (worker_base.py), and then with the model's processor.
SCRIPT = """
import sys
from vllm.engine.arg_utils import EngineArgs
from vllm.multimodal import MULTIMODAL_REGISTRY
from vllm.multimodal.encoder_budget import MultiModalBudget
from vllm.utils.import_utils import resolve_obj_by_qualname
from ocr_app.engine.vllm.args import engine_args
from ocr_app.settings import VllmEngineSettings

settings = VllmEngineSettings(model=sys.argv[1], revision=None, dtype="float32", load_format="dummy")
arguments = engine_args(settings, sys.argv[1])
arguments.pop("enable_log_requests")
config = EngineArgs(**arguments).create_engine_config()
if sys.argv[2] == "ours":
    resolve_obj_by_qualname(config.parallel_config.worker_extension_cls)
print(dict(MultiModalBudget(config, MULTIMODAL_REGISTRY).mm_max_toks_per_item))
"""


def _largest_page(checkpoint: Path, which: str) -> str:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", SCRIPT, str(checkpoint), which],
        env={**os.environ, **ENVIRONMENT, "PYTHONPATH": str(SERVE_APP)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    return done.stdout.splitlines()[-1]


def test_the_engine_process_knows_our_largest_page(checkpoint: Path) -> None:
    assert _largest_page(checkpoint, "ours") == "{'image': 1263}"
    assert _largest_page(checkpoint, "vllm's own") == "{'image': 693}"
