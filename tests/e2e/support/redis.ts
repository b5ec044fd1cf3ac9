import type { KubeApi } from "../../../components/kube/client.ts";
import { until } from "./cluster.ts";

const NAMESPACE = "ocr-e2e-redis";
const labels = { app: "redis" };

/** Address of the Redis that {@link startRedis} starts, in the form of `gcsFaultTolerance.redisAddress`. */
export const REDIS_ADDRESS = `redis.${NAMESPACE}.svc:6379`;

/** Start a Redis with a password and nothing on disk, in a namespace of its own; resolves when it is ready. */
export async function startRedis(api: KubeApi, image: string, password: string): Promise<void> {
  const post = (path: string, body: unknown) => api.text(path, { method: "POST", body });
  const metadata = { name: "redis", labels };
  await post("/api/v1/namespaces", { metadata: { name: NAMESPACE } });
  await post(`/api/v1/namespaces/${NAMESPACE}/services`, {
    metadata,
    spec: { selector: labels, ports: [{ port: 6379 }] },
  });
  const command = ["redis-server", "--save", "", "--bind", "0.0.0.0", "--requirepass", password];
  await post(`/api/v1/namespaces/${NAMESPACE}/pods`, {
    metadata,
    spec: {
      containers: [{ name: "redis", image, command, readinessProbe: { tcpSocket: { port: 6379 }, periodSeconds: 1 } }],
    },
  });
  await until("Redis is ready", 60, async () => {
    const pod = await api.json<{ status?: { containerStatuses?: { ready: boolean }[] } }>(
      `/api/v1/namespaces/${NAMESPACE}/pods/redis`,
    );
    return pod.status?.containerStatuses?.[0]?.ready === true;
  });
}

export async function stopRedis(api: KubeApi): Promise<void> {
  if ((await api.find(`/api/v1/namespaces/${NAMESPACE}`)) === undefined) return;
  await api.text(`/api/v1/namespaces/${NAMESPACE}`, { method: "DELETE" });
}
