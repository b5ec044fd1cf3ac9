"""What DeepSeek-OCR's prompts and outputs mean: pure functions, no model, no engine."""
