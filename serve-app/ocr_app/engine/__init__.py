"""Engines: what turns a request's images into text."""
