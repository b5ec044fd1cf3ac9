"""Which files of a model's repository the engine needs."""

PATTERNS = ["*.json", "*.safetensors", "*.txt", "*.model", "*.py", "*.jinja"]
"""Weights in safetensors, tokenizer, configuration and remote code; other frameworks' formats are left out."""
