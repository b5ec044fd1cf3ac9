"""What vLLM's engine process loads of ours: vLLM imports the class that `worker_extension_cls` names, and this with it.

vLLM starts that process afresh, so that what `runtime.py` registered in the replica's process does not exist there.
"""

from ocr_app.engine.vllm import processor, processor2

processor.register_modes()
processor2.register_pages()


class InEngine:
    """Adds nothing to vLLM's worker."""
