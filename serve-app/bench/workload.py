"""What is read in a measurement on a GPU: the same on all sides."""

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.gpu_results import SEQUENCES
from ocr_app.settings import VllmEngineSettings

if TYPE_CHECKING:
    from PIL import Image

A4_200_DPI = (1_654, 2_339)
PICTURES = 16
NEVER = 10**9
# Random weights repeat themselves; all sides must return the same number of tokens.
NO_LOOPS = dict.fromkeys(("prose_chars", "line_tokens", "page_tokens", "row_cells", "count_repeats"), NEVER)


@dataclass(frozen=True)
class Workload:
    """Pages and settings.

    Attributes:
        model: Folder that holds the model, or its name on Hugging Face.
        dummy: Whether its weights are random ones.
        clients: Numbers of clients, in order.
        tokens: Of one page, on average.
        tiny: Whether it is the small form for a CPU, which only shows that everything runs.
    """

    model: str
    dummy: bool
    clients: list[int]
    tokens: int
    tiny: bool

    def settings(self, **engine_args: Any) -> VllmEngineSettings:
        """Return the settings of the engine, with further arguments of vLLM."""
        return VllmEngineSettings(**self.vllm(**engine_args))

    def vllm(self, **engine_args: Any) -> dict[str, Any]:
        """Return the settings of the engine that differ from its defaults."""
        settings: dict[str, Any] = {"model": self.model, "max_num_seqs": SEQUENCES, "loops": NO_LOOPS}
        if self.dummy:
            settings |= {"revision": None, "load_format": "dummy"}
        if self.tiny:
            settings |= {"dtype": "float32", "enforce_eager": True, "max_model_len": 1_024, "max_num_seqs": 8}
            settings["default_mode"] = "gundam"  # the only one that bare vLLM has
            engine_args = {"skip_mm_profiling": True, **engine_args}
        return {**settings, "extra_engine_args": engine_args}

    def page(self) -> "Image.Image":
        """Return a page."""
        return _page(self.tiny, 0)

    def picture(self, number: int) -> str:
        """Return one of a few pages as a data URI."""
        return _picture(self.tiny, number % PICTURES)

    def tokens_of(self, number: int) -> int:
        """Return the tokens of page `number`: half to one and a half of the mean, so that pages end one by one."""
        return max(1, self.tokens // 2 + number * 7_919 % self.tokens)

    def requests(self, clients: int) -> int:
        """Return how many pages are read by a number of clients."""
        return max(2, 2 * clients)


def _page(tiny: bool, number: int) -> "Image.Image":
    from tests.vllm.pages import page

    return page(*((500, 400) if tiny else A4_200_DPI), f"Page {number}")


@functools.lru_cache(PICTURES)
def _picture(tiny: bool, number: int) -> str:
    from tests.vllm.pages import data_uri

    return data_uri(_page(tiny, number))
