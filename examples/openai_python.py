"""One image to text with the openai client, printed as it comes. Usage: python examples/openai_python.py page.png"""

import base64
import os
import sys
from pathlib import Path

from openai import OpenAI

if len(sys.argv) != 2:
    sys.exit("Usage: python examples/openai_python.py IMAGE")
try:
    image = base64.b64encode(Path(sys.argv[1]).read_bytes()).decode()
except OSError as error:
    sys.exit(f"Cannot read {sys.argv[1]}: {error.strerror}.")
if not image:
    sys.exit(f"{sys.argv[1]} is not a file with an image in it.")

# A proxy (http_proxy) has another 127.0.0.1 than this machine.
no_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
os.environ["no_proxy"] = f"localhost,127.0.0.1,::1,{no_proxy}"
client = OpenAI(
    base_url=os.environ.get("OCR_BASE_URL", "http://127.0.0.1:8000/v1"),
    api_key=os.environ.get("OCR_API_KEY", "none"),
    timeout=1_200,  # seconds; the first request after a quiet time waits for a GPU worker
)

stream = client.chat.completions.create(
    model="deepseek-ocr",
    temperature=0.0,
    max_tokens=8192,
    stream=True,
    messages=[
        {
            "role": "user",
            "content": [
                {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{image}"}},
                {"type": "text", "text": "Convert the document to markdown."},
            ],
        }
    ],
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
