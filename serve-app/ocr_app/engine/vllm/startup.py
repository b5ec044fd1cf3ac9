"""What a starting engine is doing, and why it failed, in plain words.

vLLM reports neither in readable form: its progress is in the log of another process, its errors are tracebacks. The
log is therefore also written to a file (VLLM_LOGGING_CONFIG_PATH, vLLM's own setting) that is read while it grows.
"""

import asyncio
import contextlib
import json
import re
from pathlib import Path

from ocr_app.engine.types import Report

_PHASES = (
    (r"Starting to load model", "loading the weights"),
    (r"Loading (?:safetensors|model).*?(\d+)% Completed", "loading the weights: {0} %"),
    (r"Loading weights took", "weights loaded"),
    (r"torch\.compile takes|Dynamo bytecode|Compiling a graph|Directly load the compiled", "compiling"),
    (r"Capturing CUDA graphs?", "capturing CUDA graphs"),
    (r"GPU KV cache size|Available KV cache memory|# CPU blocks", "reserving memory for the KV cache"),
    (r"init engine .*took", "engine initialised"),
)

_REASONS = (
    (
        r"No module named 'vllm'",
        "vLLM is not installed here: use an image that has it (rayproject/ray-llm), or the engine 'cpu'.",
    ),
    (
        r"NVIDIA driver on your system is too old|CUDA driver version is insufficient|forward compatibility",
        "The NVIDIA driver of this machine is too old for the image's CUDA: update it to 580 or later.",
    ),
    (
        r"Failed to infer device type|No CUDA GPUs are available|Found no NVIDIA driver|libcuda\.so|"
        r"no CUDA-capable device",
        "No GPU: the machine has none, or the container has no access to it (num_gpus, nvidia.com/gpu, GPU Operator).",
    ),
    (
        r"[Bb]float16 is only supported on GPUs with compute capability",
        "The GPU is too old for bfloat16 (Ampere or newer is needed).",
    ),
    (
        r"Free memory on device .*",
        "Too little free GPU memory: another process uses it, or gpu_memory_utilization is set too high. {0}",
    ),
    (
        r"CUDA out of memory.*|CUDA error: out of memory",
        "The GPU's memory is too small for the model with these settings: lower max_num_seqs or max_model_len. {0}",
    ),
    (
        r"No available memory for the cache blocks|larger than the (?:maximum number of tokens|available KV cache)|"
        r"KV cache is needed, which is larger",
        "No GPU memory is left for the KV cache: raise gpu_memory_utilization or lower max_model_len.",
    ),
    (
        r"GatedRepoError|Access to model .* is restricted|401 Client Error|403 Client Error|Cannot access gated repo",
        "Hugging Face refuses access to the model: it is gated or private; set HF_TOKEN to a token that may read it.",
    ),
    (
        r"RevisionNotFoundError|Invalid rev id",
        "Hugging Face does not have this revision of the model: check vllm.revision.",
    ),
    (
        r"RepositoryNotFoundError|Repository Not Found|is not a local folder and is not a valid model identifier",
        "The model does not exist on Hugging Face or is private: check vllm.model.",
    ),
    (r"No space left on device|Errno 28", "The disk is full: the model needs about 7 GB beside the compile cache."),
    (
        r"Invalid repository ID or local directory|does not appear to have a file named config\.json",
        "The folder does not contain a model: check vllm.model.",
    ),
    (
        r"LocalEntryNotFoundError|offline mode|ConnectionError|Max retries exceeded|Name or service not known|"
        r"Temporary failure in name resolution|Network is unreachable",
        "Hugging Face cannot be reached and the model is not in the cache.",
    ),
    (
        r"argument `?trust_remote_code=True",
        "The model needs to run its own code: set vllm.trust_remote_code if you trust it.",
    ),
)

_SECRET = re.compile(r"hf_[A-Za-z0-9]{8,}")


def explain(error: str, log: str = "") -> str:
    """Turn an error into one plain sentence; of an unknown error, keep the last line.

    Args:
        error: Its text.
        log: vLLM's log, whose error lines are searched too: often this process only learns that the engine's process
            failed.
    """
    errors = "\n".join(line for line in log.splitlines() if "Error" in line or line.startswith("ERROR"))
    for text in (_SECRET.sub("hf_…", error), _SECRET.sub("hf_…", errors)):
        for pattern, reason in _REASONS:
            match = re.search(pattern, text)
            if match is not None:
                return reason.replace("{0}", " ".join(match.group().split())[:300]).strip()
    lines = [line.strip() for line in _SECRET.sub("hf_…", error).splitlines() if line.strip()]
    return f"vLLM did not start: {lines[-1][:400] if lines else 'no reason given'}"


def phase_of(line: str) -> str | None:
    """Return the phase of the start that a line of vLLM's log shows, if any."""
    for pattern, phase in _PHASES:
        match = re.search(pattern, line)
        if match is not None:
            return phase.format(*match.groups()) if match.groups() else phase
    return None


def write_log_config(folder: Path, log: Path) -> Path:
    """Write a logging configuration that sends vLLM's log to stderr, as always, and to a file; return its path."""
    config = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "plain", "stream": "ext://sys.stderr"},
            "file": {"class": "logging.FileHandler", "formatter": "plain", "filename": str(log)},
        },
        "loggers": {"vllm": {"handlers": ["stderr", "file"], "level": "INFO", "propagate": False}},
    }
    path = folder / "logging.json"
    path.write_text(json.dumps(config))
    return path


async def watch(log: Path, report: Report, *, interval_s: float = 0.5) -> None:
    """Report the phases that appear in a growing log, until cancelled."""
    position, last = 0, ""
    while True:
        await asyncio.sleep(interval_s)
        with contextlib.suppress(OSError), log.open("rb") as file:
            file.seek(position)
            lines = file.read().splitlines(keepends=True)
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                position += len(line)
                phase = phase_of(line.decode(errors="replace"))
                if phase is not None and phase != last:
                    last = phase
                    report(phase)


def end_of(log: Path, size: int = 65_536) -> str:
    """Return the last `size` bytes of a log; '' if there is none."""
    with contextlib.suppress(OSError), log.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - size))
        return file.read().decode(errors="replace")
    return ""
