import asyncio
import json
from pathlib import Path

import pytest

from ocr_app.engine.types import StartError
from ocr_app.engine.vllm import startup
from ocr_app.engine.vllm.download import size_of
from ocr_app.engine.vllm.engine import VllmEngine
from ocr_app.settings import Settings, VllmEngineSettings

CORE_FAILED = "RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}"

# Each with the text that vLLM 0.29, torch or huggingface_hub really has, and the words that a user needs.
REASONS = [
    ("ModuleNotFoundError: No module named 'vllm'", "vLLM is not installed"),
    ("RuntimeError: Failed to infer device type, please set ...", "No GPU"),
    ("RuntimeError: No CUDA GPUs are available", "No GPU"),
    ("RuntimeError: The NVIDIA driver on your system is too old (found version 12040).", "update it to 580"),
    (
        "RuntimeError: Unexpected error from cudaGetDeviceCount(). Did you run some cuda functions before calling "
        "NumCudaDevices() that might have already set an error? Error 802: system not yet initialized",
        "Start nvidia-fabricmanager",
    ),
    (
        "RuntimeError: Unexpected error from cudaGetDeviceCount(). Did you run some cuda functions before calling "
        "NumCudaDevices() that might have already set an error? Error 803: system has unsupported display driver / "
        "cuda driver combination",
        "restart the machine",
    ),
    (
        "RuntimeError: Unexpected error from cudaGetDeviceCount(). Did you run some cuda functions before calling "
        "NumCudaDevices() that might have already set an error? Error 804: forward compatibility was attempted on non "
        "supported HW",
        "update it to 580",
    ),
    (
        "ValueError: Free memory on device cuda:0 (3.2/79.1 GiB) on startup is less than desired GPU memory "
        "utilization (0.85, 67.2 GiB). Decrease GPU memory utilization or reduce GPU memory used by other processes.",
        "(3.2/79.1 GiB)",
    ),
    (
        "AssertionError: Error in memory profiling. Initial free memory 70.12 GiB, current free memory 75.31 GiB. This "
        "happens when other processes sharing the same container release GPU memory while vLLM is profiling during "
        "initialization. To fix this, ensure consistent GPU memory allocation or isolate vLLM in its own container.",
        "try again. If it comes again, something else uses this GPU",
    ),
    ("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 GiB", "Tried to allocate 20.00 GiB"),
    ("ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization`", "KV cache"),
    (
        "ValueError: To serve at least one request with the model's max seq len (8192), (0.47 GiB KV cache is needed, "
        "which is larger than the available KV cache memory (0.21 GiB).",
        "KV cache",
    ),
    (CORE_FAILED.format("{'EngineCore': -9}"), "raise worker.memory"),
    (CORE_FAILED.format("{'EngineCore': -7}"), "raise worker.sharedMemory"),
    (CORE_FAILED.format("{'EngineCore': -11}"), "ended by signal 11"),
    (
        "huggingface_hub.errors.GatedRepoError: 401 Client Error. (Request ID: Root=1-6)\n\nCannot access gated repo "
        "for url https://huggingface.co/api/models/a/b.\nAccess to model a/b is restricted.",
        "it is gated",
    ),
    (
        "RepositoryNotFoundError: 401 Client Error. (Request ID: Root=1-6)\n\nRepository Not Found for url: "
        "https://huggingface.co/api/models/deepseek-ai/DeepSeek-OCRR/revision/main.\nPlease make sure you specified "
        "the correct `repo_id` and `repo_type`.\nIf you are trying to access a private or gated repo, make sure you "
        "are authenticated and your token has the required permissions.\nInvalid username or password.",
        "has no model of this name, or it is private: check vllm.model",
    ),
    ("RepositoryNotFoundError: 404 Client Error. Repository Not Found for url", "check vllm.model"),
    (
        "HfHubHTTPError: Client error '401 Unauthorized' for url 'https://huggingface.co/api/models/a/b'\n"
        "Invalid credentials in Authorization header",
        "does not know the token in HF_TOKEN",
    ),
    (
        "HfHubHTTPError: 403 Forbidden: Please enable access to public gated repositories in your fine-grained token "
        "settings to view this repository..\nCannot access content at: https://huggingface.co/a/b.",
        "set HF_TOKEN to a token that may read it",
    ),
    ("RevisionNotFoundError: 404 Client Error.\n\nRevision Not Found for url: https://…", "vllm.revision"),
    ("OSError: [Errno 28] No space left on device", "disk is full"),
    ("OSError: [Errno 30] Read-only file system: '/models/hub/models--a--b'", "'/models/hub/models--a--b'"),
    ("PermissionError: [Errno 13] Permission denied: '/models/vllm-cache'", "'/models/vllm-cache'"),
    ("LocalEntryNotFoundError: Cannot find an appropriate cached snapshot folder", "cannot be reached"),
    (
        "LocalEntryNotFoundError: Got: ConnectTimeout: timed out\nAn error happened while trying to locate the files "
        "on the Hub, and we cannot find the appropriate snapshot folder for the specified revision on the local disk.",
        "cannot be reached",
    ),
    ("httpx.ConnectTimeout: timed out", "check the network and the web proxy"),
    ("httpx.ReadTimeout: The read operation timed out", "check the network and the web proxy"),
    (
        "requests.exceptions.ConnectTimeout: (MaxRetryError(\"HTTPSConnectionPool(host='huggingface.co', port=443): "
        "Max retries exceeded with url: /api/models/a/b (Caused by ConnectTimeoutError(…, 'Connection to "
        "huggingface.co timed out. (connect timeout=10)'))\"))",
        "check the network and the web proxy",
    ),
    (
        "ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has "
        "compute capability 7.5. You can use float16 instead by explicitly setting the `dtype` flag in CLI",
        "too old for bfloat16",
    ),
    ("RuntimeError: odd thing", "vLLM did not start: RuntimeError: odd thing"),
    ("", "no reason given"),
]


@pytest.mark.parametrize(("error", "words"), REASONS)
def test_reasons_in_plain_words(error: str, words: str) -> None:
    reason = startup.explain(f"Traceback (most recent call last):\n{error}" if error else "")
    assert words in reason
    assert "\n" not in reason
    assert "Traceback" not in reason


@pytest.mark.parametrize(("error", "words"), [case for case in REASONS if case[0] and "core proc" not in case[0]])
def test_the_cause_may_stand_in_the_log_alone(error: str, words: str) -> None:
    log = (
        "INFO vllm.entrypoints: non-default args: {'trust_remote_code': True}, No space left on device is only a word\n"
        "ERROR vllm.v1.engine.core: EngineCore failed to start.\n"
        f"Traceback (most recent call last):\n  File core.py, line 1, in run\n{error}\n"
    )
    assert words in startup.explain(CORE_FAILED.format("{'EngineCore': 1}"), log)


def test_an_unknown_cause_is_the_logs_last_error_not_a_pointer_to_it() -> None:
    log = (
        "ERROR vllm.v1.executor.multiproc_executor: WorkerProc failed to start.\n"
        "Traceback (most recent call last):\n  File worker.py, line 1, in init\n"
        "KeyError: 'model.layers.0.mlp.weight'\n"
        "ERROR vllm.v1.engine.core: EngineCore failed to start.\n"
        "Traceback (most recent call last):\n  File core.py, line 1, in run\n"
        "Exception: WorkerProc initialization failed due to an exception in a background process. See stack trace for "
        "root cause.\n"
        "INFO vllm.x: ValueError: not an error line\n"
    )
    error = CORE_FAILED.format("{'EngineCore': 1}")
    assert startup.explain(error, log) == "vLLM did not start: KeyError: 'model.layers.0.mlp.weight'"
    assert startup.explain(error, "") == "vLLM did not start: its log does not say why; see the Engine's logs."
    assert startup.explain("RuntimeError: odd", log) == "vLLM did not start: RuntimeError: odd"
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
