import { merge } from "../../../components/config/merge.ts";
import type { Environment } from "./environment.ts";

type Tree = { readonly [key: string]: unknown };

/** Settings of a test, laid over Pulumi.kind.yaml: short waiting times, then the test's `own`. */
export function testSettings({ chart, image }: Environment, own: Tree): Tree {
  const source = { repository: "", name: chart ?? "", version: "" };
  const quick = {
    kuberay: chart === undefined ? { mode: "existing" } : { mode: "install", chart: source },
    images: { ray: image, pullPolicy: "IfNotPresent" },
    scaling: { maxReplicas: 1, downscaleDelaySeconds: 5, downscaleToZeroDelaySeconds: 5, lookBackPeriodSeconds: 5 },
    worker: { idleTimeoutSeconds: 5 },
    // The longest page, the shutdown that waits for it, and the old cluster's life after that.
    app: { queue: { request_timeout_s: 60 } },
    serve: { gracefulShutdownSeconds: 65 },
    rayService: { clusterDeletionDelaySeconds: 70, deployTimeoutSeconds: 420 },
  };
  return merge(quick, own) as Tree;
}
