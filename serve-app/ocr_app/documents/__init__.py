"""Documents: a client's bytes to pages, each an image that an engine reads.

`opener.py` takes bytes and gives a `Document`, whose pages `pipeline.py` reads in order; `page_ranges.py` says which.
What touches a client's file (`child.py` and what it imports) runs in the child processes of `ocr_app.untrusted`.
"""
