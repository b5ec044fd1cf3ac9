"""DeepSeek-OCR behind an OpenAI-compatible API, on Ray Serve."""

__version__ = "0.1.0"
