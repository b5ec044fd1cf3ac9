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
        r"Error 802|system not yet initialized",
        "CUDA is not ready on this machine (error 802): its GPUs are linked by NVSwitch, and the fabric manager does "
        "not run. Start nvidia-fabricmanager in the version of the NVIDIA driver, then try again.",
    ),
    (
        r"Error 803|unsupported display driver / cuda driver combination",
        "The NVIDIA driver in the container and the one that the machine's kernel has loaded differ (CUDA error 803): "
        "restart the machine, or the GPU Operator's driver pod; remove CUDA compatibility libraries from the image.",
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
        r"Initial free memory .*? GiB, current free memory .*? GiB",
        "Another process gave GPU memory back while vLLM measured how much is free, so that vLLM gave up: try again. "
        "If it comes again, something else uses this GPU (nvidia-smi shows what); the engine needs it for itself. {0}",
    ),
    (
        r"Free memory on device .*less than desired.*",
        "Too little free GPU memory: another process uses it, or gpu_memory_utilization is set too high. {0}",
    ),
    (
        r"CUDA out of memory.*|CUDA error: out of memory",
        "The GPU's memory is too small for the model with these settings: lower max_num_seqs, max_num_batched_tokens "
        "or max_model_len. {0}",
    ),
    (
        r"No available memory for the cache blocks|larger than the (?:maximum number of tokens|available KV cache)|"
        r"KV cache is needed, which is larger",
        "No GPU memory is left for the KV cache: raise gpu_memory_utilization or lower max_model_len.",
    ),
    (
        r"Failed core proc\(s\): .*: -9\b",
        "vLLM's engine process was killed (SIGKILL), most likely because the memory of its pod or machine ran out: "
        "raise worker.memory; `kubectl describe pod` says OOMKilled then.",
    ),
    (
        r"Failed core proc\(s\): .*: -7\b",
        "vLLM's engine process was killed (SIGBUS), most likely because /dev/shm is full: raise worker.sharedMemory.",
    ),
    # Before the gated ones: for a name that does not exist, Hugging Face answers 401 as well, and its text speaks of
    # gated models.
    (
        r"GatedRepoError|Cannot access gated repo|Access to model .* is restricted",
        "Hugging Face refuses access to the model: it is gated. Ask for access on its page, and set HF_TOKEN to a "
        "token that may read it.",
    ),
    (
        r"RevisionNotFoundError|Invalid rev id|is not a valid git identifier",
        "Hugging Face does not have this revision of the model: check vllm.revision.",
    ),
    (
        r"RepositoryNotFoundError|Repository Not Found|is not a local folder and is not a valid model identifier",
        "Hugging Face has no model of this name, or it is private: check vllm.model; for a private model set HF_TOKEN "
        "to a token that may read it.",
    ),
    (
        r"Invalid credentials in Authorization header|Invalid user token|401 Client Error|401 Unauthorized",
        "Hugging Face does not know the token in HF_TOKEN: it is mistyped or has ended. Set a new one, or none.",
    ),
    (
        r"403 Client Error|403 Forbidden",
        "Hugging Face refuses access to the model: set HF_TOKEN to a token that may read it.",
    ),
    (r"No space left on device|Errno 28", "The disk is full: the model needs about 7 GB beside the compile cache."),
    (
        r"Read-only file system.*|Errno 30.*|Permission denied: .*",
        "A cache cannot be written, because its volume is read-only or belongs to another user: let the replica write "
        "there, or set vllm.download_dir and vllm.compile_cache_dir to folders where it may. {0}",
    ),
    (
        r"Invalid repository ID or local directory|does not appear to have a file named config\.json",
        "The folder does not contain a model: check vllm.model.",
    ),
    (
        r"LocalEntryNotFoundError|OfflineModeIsEnabled|offline mode|ConnectionError|ConnectError|Max retries exceeded|"
        r"Name or service not known|Temporary failure in name resolution|Network is unreachable|ConnectTimeout|"
        r"ReadTimeout|Connection to \S+ timed out",
        "Hugging Face cannot be reached and the model is not in the cache: check the network and the web proxy "
        "(HTTPS_PROXY), or fill the cache beforehand (model.prefetch).",
    ),
    (
        r"argument `?trust_remote_code=True",
        "The model needs to run its own code: set vllm.trust_remote_code if you trust it.",
    ),
)

_POINTS_ELSEWHERE = re.compile(r"root cause|background process|Engine core initialization failed")
"""In errors that only say that another process failed."""
_ERROR_LINE = re.compile(r"^ERROR \S+ ((?:[\w.]+\.)?\w*(?:Error|Exception|Exit): .+)$")
_LOG_LINE = re.compile(r"^(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) ")
_SIGNAL = re.compile(r"Failed core proc\(s\): .*: -(\d+)\b")

_SECRET = re.compile(r"hf_[A-Za-z0-9]{8,}")


def explain(error: str, log: str = "") -> str:
    """Turn an error into one plain sentence; of an unknown error, keep the line that names the cause.

    Args:
        error: Its text.
        log: vLLM's log, whose error lines are searched too: often this process only learns that the engine's process
            failed.
    """
    error, log = _SECRET.sub("hf_…", error), _SECRET.sub("hf_…", log)
    logged = _errors(log)
    for text in (error, "\n".join(logged)):
        for pattern, reason in _REASONS:
            match = re.search(pattern, text)
            if match is not None:
                return reason.replace("{0}", " ".join(match.group().split())[:300]).strip()
    signal = _SIGNAL.search(error)
    how = f"its engine process was ended by signal {signal.group(1)}; " if signal else ""
    return f"vLLM did not start: {how}{_cause(error, logged)[:400]}"


def _cause(error: str, logged: list[str]) -> str:
    """Return the last line of `error`, or the last one of the log's errors if that one only points there."""
    lines = [line.strip() for line in error.splitlines() if line.strip()]
    if not lines:
        return "no reason given"
    if not _POINTS_ELSEWHERE.search(lines[-1]):
        return lines[-1]
    named = [entry for entry in logged if not _POINTS_ELSEWHERE.search(entry)]
    return named[-1].splitlines()[0] if named else "its log does not say why; see the Engine's logs."


def _errors(log: str) -> list[str]:
    """Return the exceptions of a log with their whole text: those of tracebacks, and those that ERROR lines name."""
    found: list[str] = []
    trace, text = False, False  # within a traceback; within the text of its exception, which may have several lines
    for line in log.splitlines():
        if _LOG_LINE.match(line):
            trace = text = False
            if (match := _ERROR_LINE.match(line)) is not None:
                found.append(match.group(1))
        elif line.startswith("Traceback (most recent call last)"):
            trace, text = True, False
        elif text:
            found[-1] += f"\n{line}"
        elif trace and line.strip() and not line.startswith(" "):
            trace, text = False, True
            found.append(line)
    return found


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
