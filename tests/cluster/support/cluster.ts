import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubeApi } from "../../../components/kube/client.ts";
import { paths } from "../../../components/kube/paths.ts";
import { reachCluster } from "../../helpers/cluster.ts";
import { crdFolder } from "../../helpers/crd.ts";

/** A cluster to test on, or in plain words what is missing. */
export async function findCluster(env: NodeJS.ProcessEnv = process.env): Promise<KubeApi | string> {
  const api = await reachCluster(env);
  if (typeof api === "string") return api;
  if (await api.find(paths.crd("rayservices.ray.io"))) return api;
  if (!crdFolder) return "skipped: the cluster has no KubeRay CRDs and they are not here; `npm run crds` fetches them";
  for (const file of readdirSync(crdFolder)) await installCrd(api, readFileSync(join(crdFolder, file), "utf8"));
  return api;
}

async function installCrd(api: KubeApi, text: string): Promise<void> {
  const name = /^ {2}name: (\S+)$/m.exec(text)?.[1] ?? "";
  await api.text(`${paths.crd(name)}?fieldManager=ocr-tests`, {
    method: "PATCH",
    rawBody: text,
    contentType: "application/apply-patch+yaml",
  });
  await until(`CRD ${name}`, 60, async () => {
    const crd = await api.find<{ status?: { conditions?: { type: string; status: string }[] } }>(paths.crd(name));
    return crd?.status?.conditions?.some(({ type, status }) => type === "Established" && status === "True") ?? false;
  });
}

export async function until(what: string, seconds: number, check: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1_000;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`${what}: not after ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
