"""Engine `vllm`: DeepSeek-OCR on vLLM. Only runtime.py and processor.py import vLLM, and only when a replica starts."""
