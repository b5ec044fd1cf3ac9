"""The HTTP front: one CPU-only replica that answers everything but the recognition itself."""
