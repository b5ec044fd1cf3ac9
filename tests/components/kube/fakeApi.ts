import { type KubeApi, KubeError, type KubeRequest } from "../../../components/kube/client.ts";

type Answer = unknown | ((request: KubeRequest) => unknown);

/** Everything a test's code asked for: "METHOD path". */
export interface FakeApi extends KubeApi {
  readonly calls: string[];
  /** What is in the cluster, by path without its query; a function is asked on every call. */
  readonly objects: Map<string, Answer>;
}

/** An API server that knows only what it is told; everything else is 404. DELETE takes an object away. */
export function fakeApi(objects: Record<string, Answer>): FakeApi {
  const calls: string[] = [];
  const known = new Map<string, Answer>(Object.entries(objects));
  const answer = async (path: string, request: KubeRequest = {}): Promise<unknown> => {
    const plain = path.split("?")[0] ?? path;
    calls.push(`${request.method ?? "GET"} ${path}`);
    const found = known.get(plain);
    if (found === undefined) throw new KubeError(404, `${path}: 404 not found`);
    if (request.method === "DELETE") known.delete(plain);
    return typeof found === "function" ? (found as (request: KubeRequest) => unknown)(request) : found;
  };
  const api: FakeApi = {
    calls,
    objects: known,
    text: async (path, request) => String(await answer(path, request)),
    json: async <T>(path: string, request?: KubeRequest) => (await answer(path, request)) as T,
    find: async <T>(path: string, request?: KubeRequest) => {
      try {
        return (await answer(path, request)) as T;
      } catch (error) {
        if (error instanceof KubeError && error.status === 404) return undefined;
        throw error;
      }
    },
  };
  return api;
}

/** Time that passes only when somebody sleeps. */
export function fakeClock(start = Date.parse("2026-11-23T20:00:00Z")) {
  let now = start;
  return {
    now: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
}
