import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { PortForward } from "@kubernetes/client-node";
import { type Connection, connect, loadKubeConfig } from "../../components/kube/client.ts";
import { NoHeadPodError, servingHeadPod } from "../../components/kube/headPod.ts";
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
 * @throws {ProblemError} if there is no such pod.
 * @throws {KubeError} if the cluster does not answer.
 */
export async function forwardToHead(connection: Connection, namespace: string): Promise<Forward> {
  const pod = await headPodName(connection, namespace);
  const forwarder = new PortForward(await loadKubeConfig(connection));
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    socket.on("error", () => socket.destroy());
    forwarder.portForward(namespace, pod, [SERVE_PORT], socket, null, socket).then(
      (webSocket) => {
        // When one end closes, close the other.
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

async function headPodName(connection: Connection, namespace: string): Promise<string> {
  try {
    return (await servingHeadPod(await connect(connection), namespace)).metadata.name;
  } catch (error) {
    if (!(error instanceof NoHeadPodError)) throw error;
    const advice =
      "Deploy it with `npm run deploy -- up`. If it was deployed or restarted just now, wait and try again.";
    throw new ProblemError("smoke", error.message, advice);
  }
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, "close").catch(() => undefined);
}
