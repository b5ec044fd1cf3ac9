import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.gpu_results import Results, row
from bench.load import Load, TimedAnswer
from bench.workload import Workload

pytest.importorskip("psutil")
from bench.bare import VLLMS_GUARD, bare_arguments

HEAD = {"commit": "abc", "tiny": True, "model": "random weights", "tokens_a_page": 8}
WORK = Workload("/model", dummy=True, clients=[1], tokens=1_000, tiny=False)


def test_bare_vllm_gets_the_engines_arguments() -> None:
    settings = WORK.settings(compilation_config={"cudagraph_mm_encoder": True})
    arguments = bare_arguments(settings, "/model")
    assert {name: value for name, value in arguments.items() if value == ""} == {
        "disable-log-stats": "",
        "no-enable-log-requests": "",
        "no-enable-prefix-caching": "",
        "no-enforce-eager": "",
        "no-trust-remote-code": "",
    }
    assert arguments["max-num-seqs"] == "256"
    assert arguments["gpu-memory-utilization"] == "0.85"
    assert arguments["limit-mm-per-prompt"] == '{"image": 1}'
    assert arguments["logits-processors"] == VLLMS_GUARD
    assert arguments["compilation-config"] == '{"cudagraph_mm_encoder": true}'
    assert "max-num-batched-tokens" not in arguments, "both sides leave it to vLLM"
    assert "worker-extension-cls" not in arguments
    given = WORK.settings(max_num_batched_tokens=2_048)
    assert bare_arguments(given, "/model")["max-num-batched-tokens"] == "2048"


def test_pages_end_one_by_one_and_have_the_mean_length() -> None:
    lengths = [WORK.tokens_of(number) for number in range(1_000)]
    assert sum(lengths) / len(lengths) == pytest.approx(1_000, rel=0.01)
    assert (min(lengths), max(lengths)) == (500, 1_499)
    assert len(set(lengths[:64])) == 64


def test_a_part_is_kept_while_the_others_come_from_the_same_run(tmp_path: Path) -> None:
    def parts(head: dict[str, Any], part: str) -> list[str]:
        Results(tmp_path / "gpu.json", head).keep(part, {"loads": []})
        return list(json.loads((tmp_path / "gpu.json").read_text())["parts"])

    assert parts(HEAD, "base") == ["base"]
    assert parts(HEAD, "bare") == ["base", "bare"]
    assert parts({**HEAD, "commit": "def"}, "bare") == ["bare"]


def test_a_part_that_fails_leaves_the_others_their_turn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from bench import gpu

    def measure(part: str, *_: Any) -> Iterator[dict[str, Any]]:
        if part == "encoder-graphs":
            raise RuntimeError("no such graph")
        yield {"loads": []}
        if part == "ours":
            raise RuntimeError("its second half")

    monkeypatch.setattr(gpu, "_measure", measure)
    monkeypatch.setattr(gpu, "make_checkpoint", lambda *_, **__: None)
    out = tmp_path / "gpu.json"
    monkeypatch.setattr("sys.argv", ["gpu", "base", "encoder-graphs", "ours", "--tiny", "--out", str(out)])
    assert gpu.main() == 1
    assert list(json.loads(out.read_text())["parts"]) == ["base", "ours"]


def test_figures_of_a_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.gpu_results.nvidia_smi", lambda _: "NVIDIA H100 80GB HBM3")
    answers = (TimedAnswer(0.0, [0.5], 2.0, 30), TimedAnswer(0.0, [0.1], 1.0, 10))
    found = row(Load(1, 2.0, answers), guard="off", busy_percent=90.6, peak_mib=7)
    assert found["tokens_per_s"] == 20.0
    assert found["pages_per_s"] == 1.0
    assert found["first_token_p50_ms"] == 500
    assert found["roofline_tokens_per_s"] == pytest.approx(2_800, rel=0.02)
    assert (found["busy_percent"], found["peak_mib"]) == (91, 7)
