// One image to text with the openai client. Usage: node examples/openai-node.mjs page.png
import { readFile } from "node:fs/promises";
import OpenAI from "openai";

const file = process.argv[2];
if (process.argv.length !== 3) stop("Usage: node examples/openai-node.mjs IMAGE");
const image = await readFile(file, "base64").catch((error) => stop(`Cannot read ${file}: ${error.message}.`));
if (!image) stop(`${file} is not a file with an image in it.`);

// With NODE_USE_ENV_PROXY, Node uses a proxy (http_proxy), which has another 127.0.0.1 than this machine.
process.env.no_proxy = `localhost,127.0.0.1,::1,${process.env.no_proxy ?? process.env.NO_PROXY ?? ""}`;
const client = new OpenAI({
  baseURL: process.env.OCR_BASE_URL ?? "http://127.0.0.1:8000/v1",
  apiKey: process.env.OCR_API_KEY ?? "none",
  timeout: 1_200_000, // milliseconds; the first request after a quiet time waits for a GPU worker
});

const completion = await client.chat.completions.create({
  model: "deepseek-ocr",
  temperature: 0,
  max_tokens: 8192,
  messages: [
    {
      role: "user",
      content: [
        { type: "image_url", image_url: { url: `data:image/png;base64,${image}` } },
        { type: "text", text: "Convert the document to markdown." },
      ],
    },
  ],
});
console.log(completion.choices[0].message.content);

function stop(message) {
  console.error(message);
  process.exit(2);
}
