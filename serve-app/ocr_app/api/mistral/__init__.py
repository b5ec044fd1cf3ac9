"""Mistral's contract for documents, `POST /v1/ocr`: how its requests are read and its answers written. No HTTP here."""
