"""Documents: PDFs and images of pages."""
