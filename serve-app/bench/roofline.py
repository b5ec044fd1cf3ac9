"""What a GPU's memory bandwidth allows DeepSeek-OCR's decoder: an upper bound for any software.

Each step reads the weights that its tokens touch and the KV cache of every sequence. Figures of the model's config
(bfloat16): 0.70 GB that every token touches, 4.84 GB of routed experts of which a token takes 6 of 64, 61,440 bytes of
KV cache a token.
"""

ALWAYS_GB = 0.696
EXPERTS_GB = 4.844
EXPERT_SHARE = 6 / 64
KV_BYTES_A_TOKEN = 61_440

BANDWIDTHS = {
    "H200": 4_800,
    "H100": 3_350,
    "A100-SXM4-80GB": 2_039,
    "A100 80GB": 1_935,
    "A100": 1_555,
    "L40S": 864,
    "A10G": 600,
    "A10": 600,
    "L4": 300,
    "RTX 4090": 1_008,
}
"""GB/s by what occurs in the GPU's name; the first that does counts."""


def bandwidth(name: str) -> int | None:
    """Return a GPU's memory bandwidth in GB/s by its name; None if it is not in the list."""
    return next((value for known, value in BANDWIDTHS.items() if known in name), None)


def tokens_per_s(bandwidth_gb: float, sequences: int, context: int = 800) -> float:
    """Return the most tokens a second.

    Args:
        bandwidth_gb: Of the GPU's memory, in GB/s.
        sequences: Decoded together.
        context: Tokens of prompt and output so far, on average.
    """
    experts = EXPERTS_GB * (1 - (1 - EXPERT_SHARE) ** sequences)
    cache = sequences * context * KV_BYTES_A_TOKEN / 1e9
    return sequences * bandwidth_gb / (ALWAYS_GB + experts + cache)
