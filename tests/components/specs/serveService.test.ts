import assert from "node:assert/strict";
import { renderHttpsIngress, renderServeService } from "../../../components/specs/serveService.ts";
import { cpuSettings, gpuSettings } from "../../helpers/settings.ts";

describe("specs/serveService", () => {
  it("publishes on the tailnet", () => {
    const { metadata, spec } = renderServeService(gpuSettings());
    assert.deepEqual(metadata.annotations, {
      "tailscale.com/hostname": "hel1-ai-deepseek-ocr",
      "tailscale.com/tags": "tag:k8s",
    });
    assert.deepEqual([spec.type, spec.loadBalancerClass], ["LoadBalancer", "tailscale"]);
  });

  it("stays inside the cluster otherwise, at the same name and port", () => {
    const { metadata, spec } = renderServeService(cpuSettings());
    assert.equal(metadata.annotations, undefined);
    assert.deepEqual([spec.type, spec.loadBalancerClass], ["ClusterIP", undefined]);
    assert.deepEqual(spec.ports, [{ name: "serve", port: 80, targetPort: 8000, protocol: "TCP" }]);
  });

  it("adds HTTPS where asked for", () => {
    assert.equal(renderHttpsIngress(gpuSettings()), undefined);
    const ingress = renderHttpsIngress(gpuSettings({ tailscale: { mode: "existing", https: true } }));
    assert.deepEqual(ingress?.spec.tls, [{ hosts: ["hel1-ai-deepseek-ocr-https"] }]);
    assert.equal(ingress?.spec.defaultBackend.service.name, "hel1-ai-deepseek-ocr");
  });
});
