import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { PortForward } from "@kubernetes/client-node";
import { type Connection, connect, loadKubeConfig } from "../../components/kube/client.ts";
import type { List, Pod, RayServiceObject } from "../../components/kube/objects.ts";
import { paths } from "../../components/kube/paths.ts";
import { SERVICE } from "../../components/specs/names.ts";
import { SERVE_PORT } from "../../components/specs/serveConfig.ts";
import { ProblemError } from "../problems.ts";

/** A local port that leads to the service. */
export interface Forward {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Opens a port on this machine that leads to the head pod of the serving cluster, through the Kubernetes API. It needs
 * no kubectl and no tailnet, only the right to port-forward in the namespace.
 *
 * @throws {ProblemError} where there is no such pod. Throws KubeError where the cluster does not answer.
 */
export async function forwardToHead(connection: Connection, namespace: string): Promise<Forward> {
  const pod = await headPod(connection, namespace);
  const forwarder = new PortForward(await loadKubeConfig(connection));
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    socket.on("error", () => socket.destroy());
    forwarder.portForward(namespace, pod, [SERVE_PORT], socket, null, socket).then(
      (webSocket) => {
        // The pod's end of the connection is the end of ours, and the other way round.
        if (typeof webSocket !== "function") {
          webSocket.on("close", () => socket.end());
          socket.on("close", () => webSocket.close());
        }
      },
      () => socket.destroy(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => close(server) };
}

async function headPod(connection: Connection, namespace: string): Promise<string> {
  const api = await connect(connection);
  const service = await api.find<RayServiceObject>(paths.rayService(namespace, SERVICE));
  const cluster = service?.status?.activeServiceStatus?.rayClusterName;
  if (!cluster) {
    const what = service ? "The RayService has no cluster that serves yet" : `There is no RayService ${SERVICE}`;
    throw new ProblemError("smoke", `${what} in namespace ${namespace}.`, "Deploy it with `npm run deploy -- up`.");
  }
  const selector = encodeURIComponent(`ray.io/cluster=${cluster},ray.io/node-type=head`);
  const { items } = await api.json<List<Pod>>(`${paths.pods(namespace)}?labelSelector=${selector}`);
  const [pod] = items;
  if (pod) return pod.metadata.name;
  throw new ProblemError("smoke", `The Ray cluster ${cluster} has no head pod.`, "KubeRay makes a new one; try again.");
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, "close").catch(() => undefined);
}
