import http from "node:http";
import type { KubeApi } from "../../../components/kube/client.ts";
import type { ServiceObject } from "../../../components/kube/objects.ts";
import { paths } from "../../../components/kube/paths.ts";

export interface Answer {
  /** HTTP status; 0 where the connection failed. */
  readonly status: number;
  readonly text: string;
  readonly milliseconds: number;
}

/** Calls a Service of the test's own cluster on its port 80. */
export interface Caller {
  /** Where it answers, without a path. */
  readonly url: string;
  /** GET on a new connection: after a rollout an open one still leads to the old cluster, as long as that lives. */
  get(path: string): Promise<Answer>;
  /** POST JSON on a connection that is kept open, as clients do. */
  post(path: string, body: unknown): Promise<Answer>;
}

/** Longest wait for an answer: a wake-up from zero on a busy machine. */
const TIMEOUT_MILLISECONDS = 180_000;

/** A caller that uses the Service's cluster address; undefined where this machine cannot reach it. */
export async function callerOf(api: KubeApi, namespace: string, name: string): Promise<Caller | undefined> {
  const service = await api.find<ServiceObject & { spec: { clusterIP: string } }>(paths.service(namespace, name));
  if (service === undefined) return undefined;
  const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
  const caller: Caller = {
    url: `http://${service.spec.clusterIP}`,
    get: (path) => call(false, service.spec.clusterIP, "GET", path),
    post: (path, body) => call(agent, service.spec.clusterIP, "POST", path, JSON.stringify(body)),
  };
  const probe = await caller.get("/-/healthz");
  return probe.status === 0 ? undefined : caller;
}

function call(agent: http.Agent | false, host: string, method: string, path: string, body?: string): Promise<Answer> {
  const started = performance.now();
  return new Promise((resolve) => {
    const done = (status: number, text: string) => resolve({ status, text, milliseconds: performance.now() - started });
    const headers =
      body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const request = http.request(
      { agent, host, port: 80, method, path, headers, timeout: TIMEOUT_MILLISECONDS },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => done(answer.statusCode ?? 0, Buffer.concat(chunks).toString("utf8")));
        answer.on("error", (error) => done(0, error.message));
      },
    );
    request.on("timeout", () => request.destroy(new Error("no answer in time")));
    request.on("error", (error) => done(0, error.message));
    request.end(body);
  });
}

/** The body of an OpenAI request that reads one PNG page. */
export function pageRequest(png: Buffer): unknown {
  const url = `data:image/png;base64,${png.toString("base64")}`;
  const content = [
    { type: "image_url", image_url: { url } },
    { type: "text", text: "Free OCR." },
  ];
  return { model: "deepseek-ocr", messages: [{ role: "user", content }] };
}

/** The text of an OpenAI answer. */
export function textOf(answer: Answer): string {
  const { choices } = JSON.parse(answer.text) as { choices: { message: { content: string } }[] };
  return choices[0]?.message.content ?? "";
}
