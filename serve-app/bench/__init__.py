"""Benchmarks of the application against vLLM alone, and of its parts. Each prints a table of what it measured."""
