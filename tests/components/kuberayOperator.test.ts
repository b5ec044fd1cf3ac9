import assert from "node:assert/strict";
import type { SettingsInput } from "../../components/config/settings.ts";
import { KuberayOperator } from "../../components/kuberayOperator.ts";
import { gpuSettings } from "../helpers/settings.ts";
import { hasRelease, runAgainst } from "./duringUp.ts";
import { crdPath, cluster as kuberayCluster, NAMES } from "./kube/crdsCluster.ts";
import { type FakeApi, fakeApi } from "./kube/fakeApi.ts";

const rbac = "/apis/rbac.authorization.k8s.io/v1";
const empty = { items: null };

/** A cluster without any part of KubeRay, which has Helm's record of the release once that is installed. */
function cluster(crds: Parameters<typeof kuberayCluster>[0], more: Record<string, unknown> = {}): FakeApi {
  const installed = kuberayCluster(crds, 2);
  return fakeApi({
    ...Object.fromEntries(installed.objects),
    "/api/v1/namespaces/kuberay-system/serviceaccounts": empty,
    [`${rbac}/namespaces/ai/roles`]: empty,
    [`${rbac}/namespaces/ai/rolebindings`]: empty,
    [`${rbac}/namespaces/kuberay-system/roles`]: empty,
    [`${rbac}/namespaces/kuberay-system/rolebindings`]: empty,
    "/apis/apps/v1/deployments": { items: [] },
    ...more,
  });
}

const foreign = {
  "/apis/apps/v1/deployments": { items: [{ metadata: { name: "kuberay-operator", namespace: "ray", uid: "1" } }] },
};

const install = (api: FakeApi, over: SettingsInput = {}, mode: "up" | "preview" = "up") =>
  runAgainst(
    api,
    (deployTime) =>
      new KuberayOperator("kuberay", { settings: gpuSettings(over), transforms: {}, deployTime }, {}).ready,
    { mode, outputs: (type) => (type.endsWith(":Release") ? { status: { version: "1.7.0" } } : {}) },
  );

const patches = ({ calls }: FakeApi) => calls.filter((call) => call.startsWith("PATCH"));

describe("components/kuberayOperator", () => {
  const older = { version: "1.6.2", created: "2025-01-01T00:00:00Z" };

  it("installs the operator and then brings the CRDs to its chart", async () => {
    const api = cluster(older);
    const { resources } = await install(api);
    assert.ok(hasRelease(resources));
    for (const name of NAMES)
      assert.ok(
        patches(api).some((call) => call.includes(crdPath(name))),
        name,
      );
  });

  it("leaves the CRDs alone where the settings say so, and in a preview", async () => {
    for (const [over, mode] of [
      [{ kuberay: { installCrds: false } }, "up"],
      [{}, "preview"],
    ] as const) {
      const api = cluster(older);
      await install(api, over, mode);
      assert.deepEqual(patches(api), []);
    }
  });

  it("installs nothing beside an operator that watches the same namespace", async () => {
    const api = cluster(older, foreign);
    const { failure, resources } = await install(api);
    assert.match(failure ?? "", /Deployment ray\/kuberay-operator \(not from Helm\), which watches every namespace/);
    assert.ok(!hasRelease(resources));
    assert.deepEqual(patches(api), []);
  });

  it("warns of that operator in a preview and goes on", async () => {
    const { resources } = await install(cluster(older, foreign), {}, "preview");
    assert.ok(hasRelease(resources));
  });
});
