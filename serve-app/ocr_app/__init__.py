"""DeepSeek-OCR behind an OpenAI-compatible API, on Ray Serve."""

import os
import sys

# Folder of packages that the image may lack (components/specs/pdfLibraries.ts). It comes last on the path: nothing that
# the image has is replaced.
_extra = os.environ.get("OCR_EXTRA_PACKAGES")
if _extra and _extra not in sys.path:
    sys.path.append(_extra)

__version__ = "0.1.0"
