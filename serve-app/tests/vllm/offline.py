"""Answer the parity requests with vLLM used directly: `python offline.py CHECKPOINT OUT`.

Only vLLM's public offline API, its stock processor and the model card's settings; nothing of ocr_app.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.vllm.pages import PARITY, page


def main(checkpoint: str, out: str) -> None:
    from vllm import LLM, SamplingParams

    llm = LLM(
        model=checkpoint,
        load_format="dummy",
        enforce_eager=True,
        max_model_len=1024,
        max_num_seqs=8,
        dtype="float32",
        enable_prefix_caching=False,
        mm_processor_cache_gb=0,
        skip_mm_profiling=True,
        limit_mm_per_prompt={"image": 1},
        logits_processors=["vllm.model_executor.models.deepseek_ocr:NGramPerReqLogitsProcessor"],
    )
    answers = []
    for case in PARITY:
        width, height = case["size"]
        prompt = {"prompt": f"<image>\n{case['prompt']}", "multi_modal_data": {"image": page(width, height)}}
        params = SamplingParams(
            temperature=0.0,
            max_tokens=case["max_tokens"],
            skip_special_tokens=False,
            extra_args={"ngram_size": 30, "window_size": 90, "whitelist_token_ids": [128821, 128822]},
        )
        (output,) = llm.generate(prompt, params)
        completion = output.outputs[0]
        answers.append(
            {
                "text": completion.text,
                "tokens": list(completion.token_ids),
                "prompt_tokens": len(output.prompt_token_ids),
                "finish_reason": completion.finish_reason,
            }
        )
    Path(out).write_text(json.dumps(answers))


if __name__ == "__main__":
    main(*sys.argv[1:])
