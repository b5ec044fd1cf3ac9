import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** How a fake service behaves; each test spoils one thing. */
export interface Behaviour {
  /** What every page says. */
  text: string;
  key?: string;
  state: "asleep" | "starting" | "ready" | "failed";
  reason?: string;
  models: string[];
  /** Milliseconds that the first page takes to begin. */
  wakeMs: number;
  finishReason: string;
  tokens: number;
  /** Leave the stream without its end. */
  cutStream: boolean;
  /** Say this in single answers instead. */
  otherText?: string;
  /** Ask nobody for a key, whatever `key` says. */
  open: boolean;
  chatStatus: number;
  /** Send bytes of the stream in pieces of this size, to split lines and characters. */
  pieceBytes: number;
}

export class FakeService {
  readonly behaviour: Behaviour;
  readonly #server: Server;
  requests = 0;

  private constructor(behaviour: Behaviour) {
    this.behaviour = behaviour;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(over: Partial<Behaviour> = {}): Promise<FakeService> {
    const service = new FakeService({
      text: "Hello page.",
      state: "ready",
      models: ["deepseek-ocr"],
      wakeMs: 0,
      finishReason: "stop",
      tokens: 3,
      cutStream: false,
      open: false,
      chatStatus: 200,
      pieceBytes: 7,
      ...over,
    });
    await new Promise<void>((resolve) => service.#server.listen(0, "127.0.0.1", resolve));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { behaviour } = this;
    const json = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.url === "/health") return void json(behaviour.state === "failed" ? 503 : 200, this.#health());
    const authorised = behaviour.open || !behaviour.key || request.headers.authorization === `Bearer ${behaviour.key}`;
    if (!authorised) return void json(401, { error: { message: "The API key is wrong." } });
    if (request.url === "/v1/models") return void json(200, { data: behaviour.models.map((id) => ({ id })) });
    const body = JSON.parse(await text(request)) as { stream?: boolean };
    this.requests++;
    if (behaviour.chatStatus !== 200)
      return void json(behaviour.chatStatus, { error: { message: "The engine is lost." } });
    if (body.stream) return void (await this.#stream(response));
    const message = { role: "assistant", content: behaviour.otherText ?? behaviour.text };
    return void json(200, {
      choices: [{ index: 0, message, finish_reason: behaviour.finishReason }],
      usage: { prompt_tokens: 1, completion_tokens: behaviour.tokens },
    });
  }

  #health(): object {
    const { state, reason } = this.behaviour;
    return {
      status: state === "failed" ? "failed" : "ok",
      model: "deepseek-ocr",
      engine: { kind: "cpu", state, phase: null, reason: reason ?? null, replicas_running: 1, replicas_wanted: 1 },
      queue: { in_flight: 0, limit: 256 },
      versions: { ray: "2.60.0" },
    };
  }

  async #stream(response: ServerResponse): Promise<void> {
    const { behaviour } = this;
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(": waiting for the engine\n\n");
    await new Promise((resolve) => setTimeout(resolve, behaviour.wakeMs));
    behaviour.wakeMs = 0;
    behaviour.state = "ready";
    const chunk = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
    const deltas = behaviour.text.match(/.{1,4}/gsu) ?? [];
    const parts = [
      ...deltas.map((content) => chunk({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
      chunk({ choices: [{ index: 0, delta: {}, finish_reason: behaviour.finishReason }] }),
      chunk({ choices: [], usage: { prompt_tokens: 1, completion_tokens: behaviour.tokens } }),
      ...(behaviour.cutStream ? [] : ["data: [DONE]\n\n"]),
    ];
    const bytes = Buffer.from(parts.join(""));
    for (let start = 0; start < bytes.length; start += behaviour.pieceBytes) {
      response.write(bytes.subarray(start, start + behaviour.pieceBytes));
    }
    response.end();
  }
}

async function text(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
