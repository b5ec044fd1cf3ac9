import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { KubeApi } from "../../../components/kube/client.ts";
import { reachCluster } from "../../helpers/cluster.ts";

const run = promisify(execFile);

/** What the end-to-end tests need around them. */
export interface Environment {
  readonly api: KubeApi;
  /** Path of the KubeRay operator's chart; undefined where the cluster has an operator already. */
  readonly chart: string | undefined;
  /** Image of the CPU engine, present on the nodes. */
  readonly image: string;
  /** Whether Services of type LoadBalancer with class `tailscale` get a name: the operator or a stand-in runs. */
  readonly tailnet: boolean;
  /** Image with redis-server, present on the nodes; undefined where there is none. */
  readonly redisImage: string | undefined;
}

/** The environment of a suite. Where it is incomplete, says what is missing and skips the suite. */
export async function environmentOrSkip(context: Mocha.Context): Promise<Environment> {
  const found = await findEnvironment();
  if (typeof found !== "string") return found;
  console.log(`    ${found}`);
  return context.skip();
}

/** The environment, or what is missing for the tests to run. */
async function findEnvironment(env: NodeJS.ProcessEnv = process.env): Promise<Environment | string> {
  const version = await run("pulumi", ["version"]).catch(() => undefined);
  if (version === undefined) return "skipped: `pulumi` is not on the PATH";
  const api = await reachCluster(env);
  if (typeof api === "string") return api;
  const chart = env.OCR_E2E_KUBERAY_CHART;
  const operator = await api.find("/apis/ray.io/v1");
  if (chart === undefined && operator === undefined) {
    return "skipped: the cluster has no KubeRay operator; set OCR_E2E_KUBERAY_CHART to a chart to install it from";
  }
  return {
    api,
    chart,
    image: env.OCR_E2E_IMAGE ?? "deepseek-ocr-cpu:0.1.0",
    tailnet: env.OCR_E2E_TAILNET !== undefined,
    redisImage: env.OCR_E2E_REDIS_IMAGE,
  };
}
