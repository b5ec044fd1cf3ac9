"""Our engine and a bare `vllm serve` have one configuration but for the guard, on GPUs with defaults of vLLM's own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bench.bare import VLLMS_GUARD, bare_arguments
from ocr_app.engine.vllm.args import LOGITS_PROCESSOR, engine_args
from ocr_app.settings import VllmEngineSettings

DEFAULTS = {"H100": 8_192, "L4": 2_048}
"""vLLM's max_num_batched_tokens for an OpenAI server, by GPU (EngineArgs.get_batch_defaults)."""


class _Captured(Exception):
    pass


def _ours(args: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the configuration that our Runtime would start vLLM with."""
    from vllm.v1.engine.async_llm import AsyncLLM

    from ocr_app.engine.vllm import runtime

    captured: list[Any] = []

    def instead(engine_args: Any, **more: Any) -> None:
        captured.append(engine_args.create_engine_config(more.get("usage_context")))
        raise _Captured

    monkeypatch.setattr(AsyncLLM, "from_engine_args", instead)
    with pytest.raises(_Captured):
        runtime.Runtime(args, "deepseek-ocr")
    return captured[0]


def _bare(arguments: Mapping[str, str]) -> Any:
    """Return the configuration that `vllm serve` makes of its options."""
    from vllm.engine.arg_utils import AsyncEngineArgs
    from vllm.entrypoints.launchers.cli_args import make_arg_parser
    from vllm.usage.usage_lib import UsageContext
    from vllm.utils.argparse_utils import FlexibleArgumentParser

    words = [word for name, value in arguments.items() for word in (f"--{name}", value) if word]
    options = make_arg_parser(FlexibleArgumentParser()).parse_args(words)
    return AsyncEngineArgs.from_cli_args(options).create_engine_config(UsageContext.OPENAI_API_SERVER)


@pytest.fixture
def gpu(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let vLLM choose its defaults as on a GPU: this machine has none."""
    from vllm.engine.arg_utils import EngineArgs
    from vllm.usage.usage_lib import UsageContext

    tokens = {UsageContext.OPENAI_API_SERVER: DEFAULTS[request.param]}
    monkeypatch.setattr(EngineArgs, "get_batch_defaults", classmethod(lambda cls, world_size: (tokens, {})))
    return str(request.param)


@pytest.mark.parametrize("gpu", DEFAULTS, indirect=True)
@pytest.mark.parametrize("given", [None, 4_096])
def test_both_sides_have_equal_arguments(
    gpu: str, given: int | None, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = VllmEngineSettings(
        model=str(checkpoint), revision=None, load_format="dummy", dtype="float32", max_num_batched_tokens=given
    )
    bare = _bare(bare_arguments(settings, str(checkpoint)))
    ours = _ours(engine_args(settings, str(checkpoint)), monkeypatch)
    assert ours.scheduler_config.max_num_batched_tokens == (given or DEFAULTS[gpu])
    for section in ("scheduler_config", "cache_config", "compilation_config", "load_config"):
        assert getattr(ours, section) == getattr(bare, section), section
    for name in ("dtype", "max_model_len", "enforce_eager", "revision", "seed"):
        assert getattr(ours.model_config, name) == getattr(bare.model_config, name), name
    # Our guard brings our encoder with it, which is not what is called bare.
    assert ours.model_config.logits_processors == [LOGITS_PROCESSOR]
    assert bare.model_config.logits_processors == [VLLMS_GUARD]
    assert ours.model_config.multimodal_config == bare.model_config.multimodal_config
