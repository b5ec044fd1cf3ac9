import asyncio
import json
from pathlib import Path

import pytest

from ocr_app.engine.types import StartError
from ocr_app.engine.vllm import startup
from ocr_app.engine.vllm.download import size_of
from ocr_app.engine.vllm.engine import VllmEngine
from ocr_app.settings import Settings, VllmEngineSettings


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("ModuleNotFoundError: No module named 'vllm'", "vLLM is not installed"),
        ("RuntimeError: Failed to infer device type, please set ...", "No GPU"),
        ("RuntimeError: No CUDA GPUs are available", "No GPU"),
        ("RuntimeError: The NVIDIA driver on your system is too old (found version 12040).", "driver"),
        (
            "ValueError: Free memory on device cuda:0 (3.2/79.1 GiB) on startup is less than desired GPU memory "
            "utilization (0.85, 67.2 GiB).",
            "(3.2/79.1 GiB)",
        ),
        ("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 GiB", "Tried to allocate 20.00 GiB"),
        ("ValueError: No available memory for the cache blocks.", "KV cache"),
        ("huggingface_hub.errors.GatedRepoError: 403 Client Error.", "HF_TOKEN"),
        ("RepositoryNotFoundError: 404 Client Error. Repository Not Found for url", "vllm.model"),
        ("RevisionNotFoundError: 404 Client Error. Revision Not Found", "vllm.revision"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("LocalEntryNotFoundError: Cannot find an appropriate cached snapshot folder", "cannot be reached"),
        ("ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0", "too old"),
        ("ValueError: something new\nRuntimeError: Engine core failed: odd thing", "odd thing"),
        ("", "no reason given"),
    ],
)
def test_reasons_in_plain_words(error: str, words: str) -> None:
    reason = startup.explain(f"Traceback (most recent call last):\n{error}" if error else "")
    assert words in reason
    assert "\n" not in reason
    assert "Traceback" not in reason


def test_the_cause_may_stand_in_the_log_alone() -> None:
    log = (
        "INFO vllm: non-default args: {'trust_remote_code': True}, No space left on device is only talked about here\n"
        "ERROR vllm.core: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB\n"
    )
    assert "Tried to allocate 2 GiB" in startup.explain("RuntimeError: Engine core initialization failed.", log)
    assert startup.explain("RuntimeError: odd", "INFO vllm: No space left on device?\n").endswith("RuntimeError: odd")


def test_no_token_gets_into_a_reason() -> None:
    reason = startup.explain("ValueError: bad header Authorization: Bearer hf_AbCdEfGhIjKlMnOp")
    assert "hf_AbCdEf" not in reason


@pytest.mark.parametrize(
    ("line", "phase"),
    [
        ("INFO vllm.v1.worker: Starting to load model deepseek-ai/DeepSeek-OCR...", "loading the weights"),
        ("INFO vllm.x: Loading weights took 3.20 seconds", "weights loaded"),
        ("INFO vllm.backends: Dynamo bytecode transform time: 4.2 s", "compiling"),
        ("INFO vllm.worker: Capturing CUDA graphs (mixed prefill-decode)", "capturing CUDA graphs"),
        ("INFO vllm.core: GPU KV cache size: 1,234,567 tokens", "reserving memory for the KV cache"),
        ("INFO vllm.core: init engine (profile, create kv cache, warmup model) took 12.1 s", "engine initialised"),
        ("INFO vllm.other: nothing of interest", None),
    ],
)
def test_phases_of_the_log(line: str, phase: str | None) -> None:
    assert startup.phase_of(line) == phase


async def test_a_growing_log_is_watched(tmp_path: Path) -> None:
    phases: list[str] = []
    log = tmp_path / "vllm.log"
    watcher = asyncio.create_task(startup.watch(log, phases.append, interval_s=0.01))
    await asyncio.sleep(0.05)
    with log.open("a") as file:
        file.write("INFO vllm: Starting to load model x\nINFO vllm: Loading wei")
        file.flush()
        await asyncio.sleep(0.05)
        file.write("ghts took 3 s\nINFO vllm: Loading weights took 4 s\n")
    await asyncio.sleep(0.05)
    watcher.cancel()
    assert phases == ["loading the weights", "weights loaded"]
    assert startup.end_of(log).endswith("took 4 s\n")
    assert startup.end_of(tmp_path / "none") == ""


def test_the_log_configuration_is_one(tmp_path: Path) -> None:
    import logging.config

    path = startup.write_log_config(tmp_path, tmp_path / "x.log")
    logging.config.dictConfig(json.loads(path.read_text()))
    logging.getLogger("vllm.test").info("hello")
    assert "hello" in (tmp_path / "x.log").read_text()


async def test_an_engine_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "vllm", None)
    phases: list[str] = []
    settings = Settings(engine="vllm", vllm=VllmEngineSettings(model=str(tmp_path), revision=None))
    engine = VllmEngine(settings, phases.append)
    with pytest.raises(StartError):
        await engine.start()
    assert phases == ["importing vLLM"]


def test_size_of_a_download(tmp_path: Path) -> None:
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs" / "a.incomplete").write_bytes(b"x" * 10)
    (tmp_path / "link").symlink_to(tmp_path / "blobs" / "a.incomplete")
    assert size_of(tmp_path) == 10
    assert size_of(tmp_path / "none") == 0
