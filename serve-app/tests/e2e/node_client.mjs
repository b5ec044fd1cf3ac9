// Usage: node node_client.mjs BASE_URL IMAGE_URI; prints what the openai package made of the service's answers.
import OpenAI from "openai";

const [baseURL, url] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });
const messages = [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }];
const request = { model: "deepseek-ocr", messages, max_tokens: 3 };

const answer = await client.chat.completions.create(request);
let streamed = "";
let usage = null;
for await (const chunk of await client.chat.completions.create({
  ...request,
  stream: true,
  stream_options: { include_usage: true },
})) {
  streamed += chunk.choices[0]?.delta.content ?? "";
  usage = chunk.usage?.completion_tokens ?? usage;
}
const error = await client.chat.completions
  .create({ ...request, messages: [{ role: "user", content: "no image" }] })
  .catch(({ status, code, param }) => ({ status, code, param }));
console.log(JSON.stringify({ text: answer.choices[0].message.content, streamed, usage, error }));
