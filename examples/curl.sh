#!/usr/bin/env bash
# Read one image or PDF with curl. Usage: examples/curl.sh page.png
set -euo pipefail
image=${1-}
base_url=${OCR_BASE_URL:-http://127.0.0.1:8000/v1}

if [ $# -ne 1 ]; then
  echo "Usage: examples/curl.sh IMAGE" >&2
  exit 2
fi
# An empty file, or one that cannot be read, must not become an empty image.
if ! encoded=$(base64 <"$image" | tr -d '\n') || [ -z "$encoded" ]; then
  echo "$image is not a file with an image in it." >&2
  exit 2
fi
# A proxy (http_proxy) has another 127.0.0.1 than this machine.
case $base_url in
  http://127.0.0.1[:/]* | http://localhost[:/]* | http://\[::1\]*) export no_proxy='*' ;;
esac

# The body goes through a pipe: a page in base64 is too long for a command line.
printf '{"model": "deepseek-ocr", "temperature": 0.0, "max_tokens": 8192, "messages": [{"role": "user", "content": [
  {"type": "image_url", "image_url": {"url": "data:image/png;base64,%s"}},
  {"type": "text", "text": "Convert the document to markdown."}]}]}' "$encoded" |
  curl --silent --show-error --fail-with-body "$base_url/chat/completions" \
    --header "Content-Type: application/json" \
    --header "Authorization: Bearer ${OCR_API_KEY:-none}" \
    --data @-
echo
