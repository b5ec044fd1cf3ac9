"""Turns the settings into vLLM's engine arguments and environment; plain values, vLLM is not imported."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ocr_app.settings import VllmEngineSettings

LOGITS_PROCESSOR = "ocr_app.engine.vllm.repetition_guard:RepetitionGuard"
"""The repetition guard; inactive for a request without `ngram_size`. It also brings the corrections of the models."""

IN_ENGINE = "ocr_app.engine.vllm.in_engine.InEngine"
"""Loaded by vLLM into the process of its engine."""

TUNED_KERNELS = Path(__file__).parent / "moe"
"""Folder for what was measured of the kernel of vLLM's mixture of experts: a file for a GPU, with the name that vLLM
looks for, such as `E=64,N=896,device_name=NVIDIA_H100_80GB_HBM3.json`. vLLM has one for H20 only and guesses else."""


def engine_args(settings: VllmEngineSettings, model: str) -> dict[str, Any]:
    """Return keyword arguments for vLLM's AsyncEngineArgs.

    Args:
        settings: Of the engine.
        model: Folder that holds the model, or its name on Hugging Face.
    """
    args: dict[str, Any] = {
        "model": model,
        "revision": settings.revision if model == settings.model else None,
        "dtype": settings.dtype,
        "max_model_len": settings.max_model_len,
        "gpu_memory_utilization": settings.gpu_memory_utilization,
        "max_num_seqs": settings.max_num_seqs,
        "enforce_eager": settings.enforce_eager,
        "load_format": settings.load_format,
        "trust_remote_code": settings.trust_remote_code,
        "download_dir": settings.download_dir,
        "limit_mm_per_prompt": {"image": settings.images_per_prompt},
        "logits_processors": [LOGITS_PROCESSOR],
        "worker_extension_cls": IN_ENGINE,
        # Pages do not repeat, so caches of prefixes and of processed images would only use memory.
        "enable_prefix_caching": False,
        "mm_processor_cache_gb": 0,
        # Sampling values that the client leaves out come from this application, not from a file of the model.
        "generation_config": "vllm",
        "enable_log_requests": False,
        "disable_log_stats": True,
    }
    if settings.max_num_batched_tokens is not None:
        args["max_num_batched_tokens"] = settings.max_num_batched_tokens
    return {**args, **settings.extra_engine_args}


def environment(
    settings: VllmEngineSettings, env: Mapping[str, str], log_config: Path, tuned: Path = TUNED_KERNELS
) -> dict[str, str]:
    """Return the environment variables to set before vLLM is imported.

    Args:
        settings: Of the engine.
        env: The environment as it is; variables that it already has win, apart from the log configuration.
        log_config: File for VLLM_LOGGING_CONFIG_PATH, see `startup.write_log_config`.
        tuned: Folder like TUNED_KERNELS; vLLM takes the file of its GPU, or its own way if there is none.
    """
    cache = settings.compile_cache_dir or os.path.join(_model_cache(settings, env), "vllm-cache")
    wanted = {
        # Compiled graphs stay on the model's volume, so that only the first start compiles.
        "VLLM_CACHE_ROOT": cache,
        # vLLM 0.31 and later: the V2 model runner rejects the guard (vllm#56497). Earlier versions choose the other
        # runner by themselves.
        "VLLM_USE_V2_MODEL_RUNNER": "0",
        # The Api limits how long a start may take (queue.cold_start_deadline_s).
        "VLLM_ENGINE_READY_TIMEOUT_S": "3600",
        # A private endpoint sends no usage statistics.
        "VLLM_NO_USAGE_STATS": "1",
        "DO_NOT_TRACK": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }
    if any(tuned.glob("*.json")):
        wanted["VLLM_TUNED_CONFIG_FOLDER"] = str(tuned)
    return {
        "VLLM_LOGGING_CONFIG_PATH": str(log_config),
        **{name: value for name, value in wanted.items() if name not in env},
    }


def _model_cache(settings: VllmEngineSettings, env: Mapping[str, str]) -> str:
    home = env.get("HF_HOME") or os.path.join(env.get("HOME", "/tmp"), ".cache", "huggingface")  # noqa: S108
    return settings.download_dir or home
