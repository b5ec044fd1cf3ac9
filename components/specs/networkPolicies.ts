import type { Settings } from "../config/settings.ts";
import { ports, rayLabels } from "./headPod.ts";
import type { NetworkPolicy, NetworkPolicyPeer } from "./kubernetes.ts";
import { labels, SERVICE } from "./names.ts";

type NetworkSettings = Pick<Settings, "namespace" | "network" | "kuberay" | "exposure" | "tailscale" | "monitoring">;

/**
 * Who may reach which port of the Ray pods. An open dashboard (8265) or GCS (6379) is remote code execution, so only
 * the Ray pods themselves reach them, and the KubeRay operator the few ports by which it deploys and checks the app.
 */
export function renderNetworkPolicies(settings: NetworkSettings): NetworkPolicy[] {
  const { namespace, network, monitoring } = settings;
  if (!network.policies) return [];
  const policy = (name: string, rules: NetworkPolicy["spec"]["ingress"]): NetworkPolicy => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: `${SERVICE}-${name}`, namespace: namespace.name, labels: labels("network") },
    spec: { podSelector: { matchLabels: rayLabels }, policyTypes: ["Ingress"], ingress: rules },
  });
  const scraped = monitoring.podMonitor && monitoring.namespaces.length > 0;
  return [
    // Ray's workers and object managers choose their ports at random, so all ports are open between Ray pods.
    policy("ray", [{ from: [{ podSelector: { matchLabels: rayLabels } }] }]),
    policy("operator", [{ from: operators(settings), ports: tcp(ports.dashboard, ports.agent, ports.serve) }]),
    policy("clients", [{ from: clients(settings), ports: tcp(ports.serve) }]),
    ...(scraped
      ? [
          policy("metrics", [
            { from: monitoring.namespaces.map(namespaceNamed), ports: tcp(ports.metrics, ports.serve) },
          ]),
        ]
      : []),
  ];
}

function operators({ kuberay, network }: NetworkSettings): NetworkPolicyPeer[] {
  return [kuberay.namespace, ...network.operatorNamespaces].map(namespaceNamed);
}

function clients({ exposure, tailscale, network }: NetworkSettings): NetworkPolicyPeer[] {
  return [
    // The pods of the service's own namespace.
    { podSelector: {} },
    ...(exposure === "tailscale" ? [namespaceNamed(tailscale.namespace)] : []),
    ...network.clientNamespaces.map((matchLabels) => ({ namespaceSelector: { matchLabels } })),
    ...network.clientCidrs.map((cidr) => ({ ipBlock: { cidr } })),
  ];
}

/** Kubernetes itself labels every namespace with its name. */
function namespaceNamed(name: string): NetworkPolicyPeer {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } };
}

function tcp(...numbers: number[]): { port: number; protocol: string }[] {
  return numbers.map((port) => ({ port, protocol: "TCP" }));
}
