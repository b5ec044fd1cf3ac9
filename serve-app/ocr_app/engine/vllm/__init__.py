"""Engine `vllm`: DeepSeek-OCR on vLLM. Only runtime.py imports vLLM, and only when a replica starts."""
