"""Make a tiny checkpoint of DeepSeek-OCR: the real architecture and token ids, random weights.

    python make_checkpoint.py FOLDER [--real-size]

Only config and tokenizer are written; vLLM draws the weights itself (`load_format: dummy`), the same ones at each
start. The decoder is small (2 layers, 4 experts), or as large as the real one for benchmarks on a GPU. The vision
towers are full size in any case because vLLM fixes them.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tokenizers import Tokenizer  # type: ignore[import-not-found,unused-ignore]


VOCABULARY = 129_280
SPECIAL = {
    0: "<｜begin▁of▁sentence｜>",
    1: "<｜end▁of▁sentence｜>",
    2: "<｜▁pad▁｜>",
    128_815: "<image>",
    128_816: "<|ref|>",
    128_817: "<|/ref|>",
    128_818: "<|det|>",
    128_819: "<|/det|>",
    128_820: "<|grounding|>",
    128_821: "<td>",
    128_822: "</td>",
    128_823: "<tr>",
    128_824: "</tr>",
    128_825: "<|User|>",
    128_826: "<|Assistant|>",
}
CONFIG: dict[str, Any] = {
    "architectures": ["DeepseekOCRForCausalLM"],
    "model_type": "deepseek_vl_v2",
    # As in the real model's config: its own code, which vLLM does not need (no trust_remote_code).
    "auto_map": {
        "AutoConfig": "modeling_deepseekocr.DeepseekOCRConfig",
        "AutoModel": "modeling_deepseekocr.DeepseekOCRForCausalLM",
    },
    "candidate_resolutions": [[1024, 1024]],
    "global_view_pos": "head",
    "tile_tag": "2D",
    "torch_dtype": "bfloat16",
    "language_config": {
        "architectures": ["DeepseekV2ForCausalLM"],
        "model_type": "deepseek_v2",
        "auto_map": {
            "AutoConfig": "configuration_deepseekv2.DeepseekV2Config",
            "AutoModel": "modeling_deepseek.DeepseekV2Model",
            "AutoModelForCausalLM": "modeling_deepseek.DeepseekV2ForCausalLM",
        },
        "torch_dtype": "bfloat16",
        "vocab_size": VOCABULARY,
        "hidden_size": 128,
        "intermediate_size": 256,
        "moe_intermediate_size": 64,
        "num_hidden_layers": 2,
        "first_k_dense_replace": 1,
        "moe_layer_freq": 1,
        "n_routed_experts": 4,
        "n_shared_experts": 2,
        "num_experts_per_tok": 2,
        "n_group": 1,
        "topk_group": 1,
        "topk_method": "greedy",
        "norm_topk_prob": False,
        "scoring_func": "softmax",
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "use_mla": False,
        "kv_lora_rank": None,
        "q_lora_rank": None,
        "qk_nope_head_dim": 0,
        "qk_rope_head_dim": 0,
        "v_head_dim": 0,
        "max_position_embeddings": 8192,
        "rms_norm_eps": 1e-6,
        "bos_token_id": 0,
        "eos_token_id": 1,
    },
    "vision_config": {
        "model_name": "deeplip_b_l",
        "model_type": "vision",
        "image_size": 1024,
        "mlp_ratio": 3.7362,
        "width": {
            "clip-l-14-224": {"heads": 16, "image_size": 224, "layers": 24, "patch_size": 14, "width": 1024},
            "sam_vit_b": {
                "downsample_channels": [512, 1024],
                "global_attn_indexes": [2, 5, 8, 11],
                "heads": 12,
                "layers": 12,
                "width": 768,
            },
        },
    },
    "projector_config": {"model_type": "mlp_projector", "projector_type": "linear", "input_dim": 2048, "n_embed": 128},
    "vocab_size": VOCABULARY,
    "bos_token_id": 0,
    "eos_token_id": 1,
}


REAL_SIZE = {
    "hidden_size": 1280,
    "intermediate_size": 6848,
    "moe_intermediate_size": 896,
    "num_hidden_layers": 12,
    "n_routed_experts": 64,
    "num_experts_per_tok": 6,
    "num_attention_heads": 10,
    "num_key_value_heads": 10,
}
"""What the real decoder has where the tiny one has less."""


def make_tokenizer() -> "Tokenizer":
    """Return a byte-level tokenizer: 256 bytes, made-up words up to the special tokens, placeholders after them."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors  # come with vLLM

    tokens = dict(SPECIAL)
    alphabet = iter(sorted(pre_tokenizers.ByteLevel.alphabet()))
    for token_id in range(3, 128_815):
        tokens[token_id] = next(alphabet, f"Ġw{token_id}")
    for token_id in range(128_827, VOCABULARY):
        tokens[token_id] = f"<|place▁holder▁no▁{token_id}|>"
    vocabulary = {token: token_id for token_id, token in tokens.items()}
    assert len(vocabulary) == VOCABULARY
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    # As the real one: the beginning of a sentence comes before every prompt.
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{SPECIAL[0]} $A", special_tokens=[(SPECIAL[0], 0)]
    )
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL.values()])
    return tokenizer


def make_config(*, real_size: bool) -> dict[str, Any]:
    """Return the model's config."""
    if not real_size:
        return CONFIG
    language = {**CONFIG["language_config"], **REAL_SIZE}
    projector = {**CONFIG["projector_config"], "n_embed": REAL_SIZE["hidden_size"]}
    return {**CONFIG, "language_config": language, "projector_config": projector}


def make_checkpoint(folder: Path, *, real_size: bool = False) -> None:
    """Write config and tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = make_tokenizer()
    for token_id, token in SPECIAL.items():
        assert tokenizer.token_to_id(token) == token_id
    tokenizer.save(str(folder / "tokenizer.json"))
    tokenizer_config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": SPECIAL[0],
        "eos_token": SPECIAL[1],
        "pad_token": SPECIAL[2],
        "model_max_length": 8192,
        "clean_up_tokenization_spaces": False,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer_config, indent=1, ensure_ascii=False))
    (folder / "config.json").write_text(json.dumps(make_config(real_size=real_size), indent=1))


if __name__ == "__main__":
    make_checkpoint(Path(sys.argv[1]), real_size="--real-size" in sys.argv[2:])
