import pytest

from bench.roofline import bandwidth, tokens_per_s


@pytest.mark.parametrize(
    ("gb_per_s", "sequences", "wanted"),
    [(1_555, 1, 1_300), (1_555, 100, 14_900), (4_800, 1, 4_000), (4_800, 32, 22_200), (4_800, 256, 67_800)],
)
def test_the_bound_is_that_of_the_models_config(gb_per_s: float, sequences: int, wanted: float) -> None:
    assert tokens_per_s(gb_per_s, sequences) == pytest.approx(wanted, rel=0.01)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("NVIDIA H200", 4_800),
        ("NVIDIA A100-SXM4-80GB", 2_039),
        ("NVIDIA L4", 300),
        ("NVIDIA L40S", 864),
        ("GT 710", None),
    ],
)
def test_bandwidth_by_name(name: str, wanted: int | None) -> None:
    assert bandwidth(name) == wanted
