import https from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";

/** How to reach the cluster: the contents or the path of a kubeconfig, and one of its contexts. */
export interface Connection {
  readonly kubeconfigContent?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

export interface KubeRequest {
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly rawBody?: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
}

/** An answer of the API server that is not a success; `status` is the HTTP status, 0 if there was no answer. */
export class KubeError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = "KubeError";
    this.status = status;
  }
}

/** The few calls that this folder needs, on plain paths of the API. Tests pass their own. */
export interface KubeApi {
  /** The answer's text. Throws {@link KubeError}. */
  text(path: string, request?: KubeRequest): Promise<string>;
  /** The answer as JSON. Throws {@link KubeError}. */
  json<T>(path: string, request?: KubeRequest): Promise<T>;
  /** The object at `path`, or undefined if there is none. */
  find<T>(path: string, request?: KubeRequest): Promise<T | undefined>;
}

const REQUEST_TIMEOUT_SECONDS = 30;

/**
 * The kubeconfig with its context chosen. @kubernetes/client-node, which supports every way to log in, is loaded only
 * when it is needed.
 */
export async function loadKubeConfig(connection: Connection): Promise<KubeConfig> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (connection.kubeconfigContent !== undefined) {
    config.loadFromString(connection.kubeconfigContent);
  } else if (connection.kubeconfig !== undefined) {
    config.loadFromFile(connection.kubeconfig);
  } else {
    config.loadFromDefault();
  }
  if (connection.context !== undefined) {
    if (config.getContextObject(connection.context) === null) {
      const known = config.getContexts().map((context) => context.name);
      throw new KubeError(
        0,
        `the kubeconfig has no context "${connection.context}"; it has ${known.join(", ") || "none"}`,
      );
    }
    config.setCurrentContext(connection.context);
  }
  return config;
}

/** A client for one cluster. */
export async function connect(connection: Connection): Promise<KubeApi> {
  const config = await loadKubeConfig(connection);
  const api: KubeApi = {
    text: (path, request) => send(config, path, request),
    json: async <T>(path: string, request?: KubeRequest) => JSON.parse(await send(config, path, request)) as T,
    find: async <T>(path: string, request?: KubeRequest) => {
      try {
        return await api.json<T>(path, request);
      } catch (error) {
        if (error instanceof KubeError && error.status === 404) return undefined;
        throw error;
      }
    },
  };
  return api;
}

async function send(config: KubeConfig, path: string, request: KubeRequest = {}): Promise<string> {
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) {
    throw new KubeError(0, "the kubeconfig names no cluster: set KUBECONFIG, cluster.kubeconfig or cluster.context");
  }
  const body = request.rawBody ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
  const url = new URL(server.replace(/\/$/, "") + path);
  const options: https.RequestOptions = {
    method: request.method ?? "GET",
    timeout: (request.timeoutSeconds ?? REQUEST_TIMEOUT_SECONDS) * 1_000,
  };
  await config.applyToHTTPSOptions(options);
  options.headers = {
    ...(options.headers as Record<string, string> | undefined),
    accept: request.accept ?? "application/json",
    ...(body === undefined
      ? {}
      : { "content-type": request.contentType ?? "application/json", "content-length": Buffer.byteLength(body) }),
    ...request.headers,
  };
  const { status, text } = await exchange(url, options, body);
  if (status >= 200 && status < 300) return text;
  throw new KubeError(status, `${options.method} ${path}: ${status} ${statusMessage(text)}`);
}

function exchange(url: URL, options: https.RequestOptions, body: string | undefined) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const fail = (cause: string) =>
      reject(
        new KubeError(0, `cannot reach the cluster at ${url.origin} (${cause}); check the kubeconfig and its context`),
      );
    const call = https.request(url, options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }));
      answer.on("error", (error) => fail(error.message));
    });
    call.on("timeout", () => call.destroy(new Error("no answer in time")));
    call.on("error", (error) => fail(error.message));
    call.end(body);
  });
}

/** The API server's own message: a Status object has it in `message`. */
function statusMessage(text: string): string {
  try {
    const status = JSON.parse(text) as { message?: unknown };
    if (typeof status.message === "string") return status.message;
  } catch {
    // Not JSON: a proxy in between, or a plain text error.
  }
  return text.trim().slice(0, 500);
}
