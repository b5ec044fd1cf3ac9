import json
import re
from pathlib import Path

from ocr_app.engine.vllm.args import TUNED_KERNELS, engine_args, environment
from ocr_app.settings import VllmEngineSettings


def test_arguments_by_value() -> None:
    args = engine_args(VllmEngineSettings(), "/models/snapshot")
    assert args == {
        "model": "/models/snapshot",
        "revision": None,
        "dtype": "bfloat16",
        "max_model_len": 8192,
        "gpu_memory_utilization": 0.85,
        "max_num_seqs": 256,
        "enforce_eager": False,
        "load_format": "auto",
        "trust_remote_code": False,
        "download_dir": None,
        "limit_mm_per_prompt": {"image": 1},
        "logits_processors": ["ocr_app.engine.vllm.repetition_guard:RepetitionGuard"],
        "worker_extension_cls": "ocr_app.engine.vllm.in_engine.InEngine",
        "enable_prefix_caching": False,
        "mm_processor_cache_gb": 0,
        "generation_config": "vllm",
        "enable_log_requests": False,
        "disable_log_stats": True,
    }


def test_the_revision_stays_where_the_model_is_a_name() -> None:
    settings = VllmEngineSettings()
    assert engine_args(settings, settings.model)["revision"] == settings.revision


def test_another_model_is_one_value() -> None:
    settings = VllmEngineSettings(model="deepseek-ai/DeepSeek-OCR-2")
    args = engine_args(settings, settings.model)
    assert args["model"] == "deepseek-ai/DeepSeek-OCR-2"
    assert settings.revision == args["revision"] == "aaa02f3811945a91062062994c5c4a3f4c0af2b0"


def test_extra_arguments_win() -> None:
    settings = VllmEngineSettings(extra_engine_args={"max_num_seqs": 3, "kv_cache_dtype": "fp8"})
    args = engine_args(settings, "x")
    assert (args["max_num_seqs"], args["kv_cache_dtype"]) == (3, "fp8")


def test_the_compile_cache_lies_on_the_models_volume() -> None:
    log = Path("/tmp/log.json")  # noqa: S108
    assert environment(VllmEngineSettings(), {"HF_HOME": "/models"}, log)["VLLM_CACHE_ROOT"] == "/models/vllm-cache"
    settings = VllmEngineSettings(download_dir="/data")
    assert environment(settings, {"HF_HOME": "/models"}, log)["VLLM_CACHE_ROOT"] == "/data/vllm-cache"
    settings = VllmEngineSettings(compile_cache_dir="/cache")
    assert environment(settings, {}, log)["VLLM_CACHE_ROOT"] == "/cache"


def test_the_guard_stays_usable_on_newer_versions_and_nothing_is_reported_home() -> None:
    env = environment(VllmEngineSettings(), {}, Path("log.json"))
    assert env["VLLM_USE_V2_MODEL_RUNNER"] == "0"
    assert env["VLLM_NO_USAGE_STATS"] == "1"


def test_an_environment_that_is_set_already_wins() -> None:
    env = environment(VllmEngineSettings(), {"VLLM_USE_V2_MODEL_RUNNER": "1"}, Path("log.json"))
    assert "VLLM_USE_V2_MODEL_RUNNER" not in env


def test_vllm_finds_what_was_tuned_for_its_gpu(tmp_path: Path) -> None:
    log = Path("log.json")
    assert "VLLM_TUNED_CONFIG_FOLDER" not in environment(VllmEngineSettings(), {}, log, tmp_path)
    (tmp_path / "E=64,N=896,device_name=NVIDIA_H100_80GB_HBM3.json").write_text("{}")
    assert environment(VllmEngineSettings(), {}, log, tmp_path)["VLLM_TUNED_CONFIG_FOLDER"] == str(tmp_path)
    own = {"VLLM_TUNED_CONFIG_FOLDER": "/own"}
    assert "VLLM_TUNED_CONFIG_FOLDER" not in environment(VllmEngineSettings(), own, log, tmp_path)


def test_tuned_kernels_are_named_as_vllm_looks_for_them() -> None:
    for file in TUNED_KERNELS.glob("*"):
        assert re.fullmatch(r"E=64,N=896,device_name=[A-Za-z0-9_-]+\.json", file.name)
        for tokens, kernel in json.loads(file.read_text()).items():
            assert tokens == "triton_version" or (int(tokens) > 0 and kernel["BLOCK_SIZE_M"] > 0)
