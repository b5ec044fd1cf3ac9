import { gzipSync } from "node:zlib";
import { CHART_ANNOTATION } from "../../../components/kube/crds.ts";
import { fakeApi } from "./fakeApi.ts";

export const NAMES = ["rayclusters.ray.io", "rayjobs.ray.io", "rayservices.ray.io"];
export const crdPath = (name: string) => `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;
export const INSTALLED = "2026-11-23T20:00:00Z";

export const crdText = (name: string) =>
  `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  annotations:\n    controller-gen.kubebuilder.io/version: v0.16.5\n  name: ${name}\nspec:\n  names:\n    plural: x\n`;

/** What Helm stores: gzip, base64, and base64 once more by the Secret. */
function stored(version: number) {
  const files = [
    ...NAMES.map((name) => ({
      name: `crds/${name}.yaml`,
      data: Buffer.from(`---\n${crdText(name)}`).toString("base64"),
    })),
    { name: "README.md", data: "" },
  ];
  const json = JSON.stringify({
    version,
    info: { first_deployed: INSTALLED },
    chart: { metadata: { version: "1.7.0" }, files },
  });
  return Buffer.from(gzipSync(json).toString("base64")).toString("base64");
}

/** A cluster with KubeRay's CRDs and Helm's record of the release that brought them. */
export function cluster(crds: { version?: string; created: string } | undefined, revision: number) {
  const annotations = crds?.version === undefined ? {} : { [CHART_ANNOTATION]: crds.version };
  const secret = `sh.helm.release.v1.kuberay-operator.v${revision}`;
  const object = { metadata: { name: "x", creationTimestamp: crds?.created, annotations } };
  return fakeApi({
    ...Object.fromEntries(NAMES.map((name) => [crdPath(name), object])),
    "/api/v1/namespaces/kuberay-system/secrets": {
      items: [1, revision].map((version) => ({
        metadata: { name: `sh.helm.release.v1.kuberay-operator.v${version}`, labels: { version: String(version) } },
      })),
    },
    [`/api/v1/namespaces/kuberay-system/secrets/${secret}`]: { data: { release: stored(revision) } },
  });
}
