import { z } from "zod";
import { dnsLabel, stringMap, text } from "./values.ts";

export const auth = z
  .strictObject({
    enabled: z
      .boolean()
      .describe(
        "Require an API key. If false, anyone who can reach the service may call it: your tailnet policy decides who that is on the tailnet, and the network policies in the cluster.",
      ),
    rotation: text.describe("Change this text to make a new key. The pods restart with it."),
  })
  .describe("API key of the service. It is generated, unless the secret `apiKey` gives one.");

export const exposure = z
  .enum(["tailscale", "none"])
  .describe("`tailscale` publishes the service on the tailnet; `none` keeps it inside the cluster.");

export const network = z
  .strictObject({
    policies: z
      .boolean()
      .describe("Close the Ray ports to everything but the Ray pods, and allow only the named clients on port 8000."),
    clientNamespaces: z
      .array(stringMap)
      .describe("Label selectors of other namespaces whose pods may call the service."),
    clientCidrs: z.array(z.string()).describe("Address ranges that may call the service from outside the cluster."),
    operatorNamespaces: z
      .array(dnsLabel)
      .describe("Namespaces that may reach Ray's dashboard, besides the KubeRay operator's."),
  })
  .describe("Network policies. They need a network plugin that enforces them.");

export const monitoring = z
  .strictObject({
    podMonitor: z
      .boolean()
      .describe("Create a PodMonitor for the metrics of all Ray pods. Needs the Prometheus operator."),
    grafanaDashboard: z
      .boolean()
      .describe("Create a ConfigMap with a Grafana dashboard, labelled for Grafana's sidecar."),
    labels: stringMap.describe("Labels by which your Prometheus selects PodMonitors."),
    namespaces: z.array(dnsLabel).describe("Namespaces whose pods may scrape the metrics."),
  })
  .describe("Monitoring.");
