import type * as pulumi from "@pulumi/pulumi";
import { type DeployMode, DeployTime } from "../../components/deployTime.ts";
import type { KubeApi } from "../../components/kube/client.ts";
import type { Metadata } from "../../components/specs/kubernetes.ts";
import { type Recorded, record } from "../../tools/render/record.ts";

export interface Run<T> {
  readonly resources: readonly Recorded[];
  /** Value of the program's output; undefined where it failed. */
  readonly result: T | undefined;
  /** Message of the error that ended the run. */
  readonly failure: string | undefined;
  readonly error: unknown;
}

/**
 * Runs a part of the program as a real `up` would, or as a preview, against the given cluster.
 *
 * @param program builds resources and returns the output whose value or error the test looks at.
 */
export async function runAgainst<T>(
  api: KubeApi,
  program: (deployTime: DeployTime) => pulumi.Output<T>,
  { mode = "up", outputs }: { mode?: DeployMode; outputs?: (type: string) => Readonly<Record<string, unknown>> } = {},
): Promise<Run<T>> {
  const deployTime = new DeployTime({ mode, connection: {}, connect: async () => api });
  let settled: Promise<PromiseSettledResult<T>> | undefined;
  const resources = await record(
    () => {
      // Public in the SDK's JavaScript, where its own tests use it, and missing from its types.
      const output = program(deployTime) as pulumi.Output<T> & { promise(): Promise<T> };
      settled = Promise.allSettled([output.promise()]).then(([outcome]) => outcome);
    },
    "up",
    outputs,
  );
  const outcome = await settled;
  if (outcome?.status === "fulfilled")
    return { resources, result: outcome.value, failure: undefined, error: undefined };
  const error: unknown = outcome?.reason;
  return { resources, result: undefined, failure: error instanceof Error ? error.message : String(error), error };
}

/** Metadata of the object of a kind that a program registered; undefined where it registered none. */
export function metadataOf(resources: readonly Recorded[], kind: string): Metadata | undefined {
  return resources.find(({ type }) => type.endsWith(`:${kind}`))?.inputs.metadata as Metadata | undefined;
}

export function hasRelease(resources: readonly Recorded[]): boolean {
  return resources.some(({ type }) => type.endsWith(":Release"));
}
