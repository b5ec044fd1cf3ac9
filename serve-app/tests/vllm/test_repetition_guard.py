"""Our guard forbids what vLLM's own does, whatever happens to the batch."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

VOCABULARY = 8


@pytest.fixture(scope="module")
def guards() -> Any:
    import torch
    from vllm.model_executor.models.deepseek_ocr import NGramPerReqLogitsProcessor

    from ocr_app.engine.vllm.repetition_guard import RepetitionGuard

    with pytest.MonkeyPatch.context() as patch:
        # The corrections of the models are another test's matter, and would stay in this process.
        patch.setattr("ocr_app.engine.vllm.model_fixes.apply", lambda: None)
        yield lambda: [kind(None, torch.device("cpu"), False) for kind in (NGramPerReqLogitsProcessor, RepetitionGuard)]


@dataclass
class Batch:
    """vLLM's persistent batch: rows with the output so far, which a guard refers to, and what changed."""

    outputs: dict[int, list[int]] = field(default_factory=dict)
    removed: list[int] = field(default_factory=list)
    added: list[Any] = field(default_factory=list)
    moved: list[Any] = field(default_factory=list)

    def update(self) -> Any:
        from vllm.v1.sample.logits_processor.interface import BatchUpdate

        update = BatchUpdate(8, tuple(self.removed), tuple(self.added), tuple(self.moved))
        self.removed, self.added, self.moved = [], [], []
        return update


values = st.fixed_dictionaries(
    {"ngram_size": st.none() | st.integers(1, 5)},
    optional={
        "window_size": st.integers(1, 30),
        "whitelist_token_ids": st.none() | st.lists(st.integers(0, VOCABULARY - 1), max_size=3),
    },
)
params = st.none() | values
rows = st.integers(0, 5)
steps = st.one_of(
    st.tuples(st.just("add"), rows, params, st.lists(st.integers(0, 2), max_size=12)),
    st.tuples(st.just("remove"), rows),
    st.tuples(st.just("move"), rows, rows),
    st.tuples(st.just("swap"), rows, rows),
    st.tuples(st.just("take back"), rows, st.integers(1, 3)),
    st.tuples(st.just("grow"), st.lists(st.integers(0, 2), min_size=6, max_size=6)),
    st.tuples(st.just("grow"), st.lists(st.integers(0, 2), min_size=6, max_size=6)),
)


def change(batch: Batch, step: Any) -> None:
    from vllm.v1.sample.logits_processor.interface import MoveDirectionality

    name, *args = step
    if name == "add":
        row, extra, output = args
        # A row that is taken is replaced, as vLLM does with a request that ended in the same step.
        batch.outputs[row] = list(output)
        batch.added.append((row, SimpleNamespace(extra_args=extra), None, batch.outputs[row]))
    elif name == "remove":
        if batch.outputs.pop(args[0], None) is not None:
            batch.removed.append(args[0])
    elif name == "move":
        source, target = args
        if source in batch.outputs and source != target:
            batch.outputs[target] = batch.outputs.pop(source)
            batch.moved.append((source, target, MoveDirectionality.UNIDIRECTIONAL))
    elif name == "swap":
        one, other = args
        if one in batch.outputs and other in batch.outputs and one != other:
            batch.outputs[one], batch.outputs[other] = batch.outputs[other], batch.outputs[one]
            batch.moved.append((one, other, MoveDirectionality.SWAP))
    elif name == "take back":
        output = batch.outputs.get(args[0], [])
        del output[max(0, len(output) - args[1]) :]
    else:
        for output, token in zip(batch.outputs.values(), args[0], strict=False):
            output.append(token)


@settings(max_examples=200)
@given(st.lists(steps, max_size=80))
def test_batches(guards: Any, plan: list[Any]) -> None:
    import torch

    sides = [(guard, Batch()) for guard in guards()]
    for step in plan:
        found = []
        for guard, batch in sides:
            change(batch, step)
            guard.update_state(batch.update())
            found.append(guard.apply(torch.zeros(8, VOCABULARY)))
        assert torch.equal(found[0], found[1])


@pytest.mark.parametrize(("size", "window"), [(30, 90), (20, 1024), (4, 1024)])
def test_thousands_of_tokens(guards: Any, size: int, window: int) -> None:
    import random

    import torch

    draw = random.Random(size)  # noqa: S311
    extra = {"ngram_size": size, "window_size": window, "whitelist_token_ids": [1, 2]}
    sides = [(guard, Batch()) for guard in guards()]
    for _, batch in sides:
        change(batch, ("add", 0, extra, []))
    forbidden = 0
    block = draw.choices(range(VOCABULARY), k=40)
    for number in range(3_000):
        if number % 160 == 0:
            block = draw.choices(range(VOCABULARY), k=draw.randint(5, 60))
        token = block[number % len(block)] if draw.random() < 0.99 else draw.randrange(VOCABULARY)
        found = []
        for guard, batch in sides:
            change(batch, ("grow", [token]))
            guard.update_state(batch.update() if number == 0 else None)
            found.append(guard.apply(torch.zeros(1, VOCABULARY)))
        assert torch.equal(found[0], found[1])
        forbidden += int(torch.isinf(found[1]).sum())
    assert forbidden > 100


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_logits_of_any_type(guards: Any, dtype: str) -> None:
    import torch

    _, guard = guards()
    batch = Batch()
    change(batch, ("add", 1, {"ngram_size": 2}, [3, 4, 3]))
    guard.update_state(batch.update())
    logits = guard.apply(torch.zeros(3, VOCABULARY, dtype=getattr(torch, dtype)))
    assert torch.isinf(logits).nonzero().tolist() == [[1, 4]]


@pytest.mark.parametrize(
    "extra",
    [
        {"ngram_size": 0},
        {"ngram_size": "30"},
        {"ngram_size": 3, "window_size": 0},
        {"ngram_size": 3, "window_size": None},
        {"ngram_size": 3, "whitelist_token_ids": 5},
        {"ngram_size": 3, "whitelist_token_ids": [5]},
        {"ngram_size": None, "window_size": 0},
        None,
    ],
)
def test_requests_are_validated_alike(guards: Any, extra: Any) -> None:
    def outcome(guard: Any) -> str:
        try:
            return str(guard.validate_params(SimpleNamespace(extra_args=extra)))
        except ValueError as error:
            return f"ValueError: {error}"

    vllms, ours = guards()
    assert outcome(ours) == outcome(vllms)
    assert ours.is_argmax_invariant() == vllms.is_argmax_invariant()
