"""Kinds of pages. Each module has `draw(writer, scale, variant)`, which returns a `Sheet`; variants are layouts."""
