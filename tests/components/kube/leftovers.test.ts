import assert from "node:assert/strict";
import { kuberayLeftovers, leftoversMessage } from "../../../components/kube/leftovers.ts";
import { fakeApi } from "./fakeApi.ts";

const release = {
  name: "kuberay-operator",
  namespace: "kuberay-system",
  values: { watchNamespace: ["ai"], singleNamespaceInstall: true },
};
const ours = { "meta.helm.sh/release-name": "kuberay-operator", "meta.helm.sh/release-namespace": "kuberay-system" };
const rbac = "/apis/rbac.authorization.k8s.io/v1";

function cluster(objects: Record<string, unknown> = {}) {
  const empty = { items: null };
  return fakeApi({
    "/api/v1/namespaces/kuberay-system/serviceaccounts": empty,
    [`${rbac}/namespaces/ai/roles`]: empty,
    [`${rbac}/namespaces/ai/rolebindings`]: empty,
    [`${rbac}/namespaces/kuberay-system/roles`]: empty,
    [`${rbac}/namespaces/kuberay-system/rolebindings`]: empty,
    [`${rbac}/clusterroles`]: empty,
    [`${rbac}/clusterrolebindings`]: empty,
    "/apis/apps/v1/deployments": { items: [] },
    ...objects,
  });
}

const operator = (namespace: string, args: string[], annotations = {}) => ({
  items: [
    {
      metadata: { name: "kuberay-operator", namespace, uid: namespace, annotations },
      spec: { template: { spec: { containers: [{ args }] } } },
    },
  ],
});

describe("kube/leftovers", () => {
  it("finds nothing in an empty cluster, and nothing in what the release owns", async () => {
    assert.deepEqual(await kuberayLeftovers(cluster(), release), []);
    const installed = cluster({ "/apis/apps/v1/deployments": operator("kuberay-system", [], ours) });
    assert.deepEqual(await kuberayLeftovers(installed, release), []);
  });

  it("finds an operator that watches the same namespace", async () => {
    const everywhere = cluster({ "/apis/apps/v1/deployments": operator("ray", []) });
    assert.match(
      (await kuberayLeftovers(everywhere, release)).join(),
      /Deployment ray\/kuberay-operator \(not from Helm\), which watches every namespace/,
    );
    const here = cluster({ "/apis/apps/v1/deployments": operator("ray", ["--watch-namespace", "x,ai"]) });
    assert.match((await kuberayLeftovers(here, release)).join(), /which watches x, ai/);
  });

  it("lives beside an operator of other namespaces", async () => {
    const elsewhere = cluster({ "/apis/apps/v1/deployments": operator("ray", ["--watch-namespace=team-a"]) });
    assert.deepEqual(await kuberayLeftovers(elsewhere, release), []);
  });

  it("minds cluster-wide names only where the chart makes them", async () => {
    const api = cluster({
      [`${rbac}/clusterroles`]: {
        items: [
          { metadata: { name: "rayjob-editor-role", annotations: { ...ours, "meta.helm.sh/release-name": "old" } } },
          { metadata: { name: "admin" } },
        ],
      },
    });
    assert.deepEqual(await kuberayLeftovers(api, release), []);
    const wide = await kuberayLeftovers(api, { ...release, values: {} });
    assert.deepEqual(wide, ["ClusterRole rayjob-editor-role (Helm release old in kuberay-system)"]);
  });

  it("says what to do", () => {
    const message = leftoversMessage(["ClusterRole x (not from Helm)"]);
    assert.match(message, /ClusterRole x \(not from Helm\)\n {2}→ .*kuberay\.mode to `existing`/);
  });
});
