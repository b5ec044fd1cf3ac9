import assert from "node:assert/strict";
import type { Settings, SettingsInput } from "../../../components/config/settings.ts";
import { rayLabels } from "../../../components/specs/headPod.ts";
import { renderNetworkPolicies } from "../../../components/specs/networkPolicies.ts";
import { cpuSettings, gpuSettings } from "../../helpers/settings.ts";

/** Who may reach a port, as short words. */
function callers(settings: Settings, port: number): string[] {
  const rules = renderNetworkPolicies(settings).flatMap(({ spec }) => spec.ingress);
  const open = rules.filter(({ ports }) => !ports || ports.some((allowed) => allowed.port === port));
  return open.flatMap(({ from }) =>
    from.map(({ podSelector, namespaceSelector, ipBlock }) => {
      if (ipBlock) return ipBlock.cidr;
      if (namespaceSelector) return JSON.stringify(namespaceSelector.matchLabels);
      return podSelector?.matchLabels ? "ray pods" : "own namespace";
    }),
  );
}

const name = (namespace: string) => JSON.stringify({ "kubernetes.io/metadata.name": namespace });

describe("specs/networkPolicies", () => {
  it("closes GCS, Ray client and object ports to all but the Ray pods", () => {
    for (const port of [6379, 10001, 10002, 30000]) assert.deepEqual(callers(gpuSettings(), port), ["ray pods"]);
  });

  it("lets the operator alone reach the dashboard besides them", () => {
    assert.deepEqual(callers(gpuSettings(), 8265), ["ray pods", name("kuberay-system")]);
    const more: SettingsInput = { network: { operatorNamespaces: ["debug"] } };
    assert.deepEqual(callers(gpuSettings(more), 8265), ["ray pods", name("kuberay-system"), name("debug")]);
  });

  it("names who may call the service", () => {
    const network = { clientNamespaces: [{ team: "a" }], clientCidrs: ["10.0.0.0/8"] };
    assert.deepEqual(callers(gpuSettings({ network }), 8000), [
      "ray pods",
      name("kuberay-system"),
      "own namespace",
      name("tailscale"),
      '{"team":"a"}',
      "10.0.0.0/8",
    ]);
    assert.ok(!callers(cpuSettings(), 8000).includes(name("tailscale")));
  });

  it("lets Prometheus in only where it scrapes", () => {
    assert.ok(!callers(gpuSettings(), 8080).includes(name("monitoring")));
    assert.ok(callers(gpuSettings({ monitoring: { podMonitor: true } }), 8080).includes(name("monitoring")));
  });

  it("applies to head and workers, and to incoming traffic alone", () => {
    for (const { spec } of renderNetworkPolicies(gpuSettings())) {
      assert.deepEqual(spec.podSelector.matchLabels, rayLabels);
      assert.deepEqual(spec.policyTypes, ["Ingress"]);
      for (const { from } of spec.ingress) assert.ok(from.length > 0, "an empty list would mean everybody");
    }
  });

  it("can be turned off", () =>
    assert.deepEqual(renderNetworkPolicies(gpuSettings({ network: { policies: false } })), []));
});
