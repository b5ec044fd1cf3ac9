"""From lines with boxes to text in reading order: pure functions, no images, no models."""
