"""Uploaded files: their folder, the form that brings them, and the URLs that lead to them."""
