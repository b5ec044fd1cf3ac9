"""Searchable PDFs: the original with an invisible text layer. `write.add_text_layer` is where to begin."""
