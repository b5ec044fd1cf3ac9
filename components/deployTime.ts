import * as pulumi from "@pulumi/pulumi";
import type { SecretArgs } from "./args.ts";
import type { Settings } from "./config/settings.ts";
import { type Connection, connect, type KubeApi } from "./kube/client.ts";

/** Prints one line beside a resource while its step is at work. */
export type Report = (line: string) => void;

/**
 * What the program itself asks of the cluster while Pulumi runs: questions that Pulumi's resources cannot answer, and
 * waits that end with a reason. Plain `apply`s instead of resource hooks: a hook that fails after its resource was
 * written is forgotten by the next `up`, which sees no change; these run in every `up`, and cost little when all is well.
 */
export class DeployTime {
  readonly #connection: pulumi.Output<Connection>;
  #api: Promise<KubeApi> | undefined;

  constructor({ cluster }: Pick<Settings, "cluster">, secrets: Pick<SecretArgs, "kubeconfig">) {
    this.#connection = pulumi
      .output(secrets.kubeconfig)
      .apply((kubeconfigContent) => ({ ...cluster, kubeconfigContent }));
  }

  /**
   * Asks the cluster, in previews too. A preview that cannot reach it goes on with `fallback` and a warning; an `up`
   * fails. `fallback` is also the answer where there is no engine: in unit tests and in `npm run render`.
   */
  ask<T>(resource: pulumi.Resource, fallback: T, question: (api: KubeApi) => Promise<T>): pulumi.Output<T> {
    return this.#with(undefined, fallback, async (api) => {
      try {
        return await question(await api());
      } catch (error) {
        if (!pulumi.runtime.isDryRun()) throw deployError(error, resource);
        await pulumi.log.warn(`not checked in this preview: ${message(error)}`, resource);
        return fallback;
      }
    });
  }

  /** Works on the cluster once `after` is there. Only in an `up`; `fallback` is the answer everywhere else. */
  work<A, T>(
    resource: pulumi.Resource,
    after: pulumi.Input<A>,
    fallback: T,
    step: (api: KubeApi, after: pulumi.Unwrap<A>, report: Report) => Promise<T>,
  ): pulumi.Output<T> {
    return this.#with(after, fallback, async (api, value) => {
      if (pulumi.runtime.isDryRun()) return fallback;
      try {
        return await step(await api(), value, (line) => void pulumi.log.info(line, resource, undefined, true));
      } catch (error) {
        throw deployError(error, resource);
      }
    });
  }

  #with<A, T>(
    after: pulumi.Input<A>,
    fallback: T,
    use: (api: () => Promise<KubeApi>, after: pulumi.Unwrap<A>) => Promise<T>,
  ): pulumi.Output<T> {
    if (!pulumi.runtime.hasEngine()) return pulumi.output(fallback) as pulumi.Output<T>;
    const answer = pulumi.all([this.#connection, after]).apply(([connection, value]) =>
      use(() => {
        this.#api ??= connect(connection);
        return this.#api;
      }, value),
    );
    // A secret kubeconfig does not make secret what the cluster says.
    return pulumi.unsecret(answer) as pulumi.Output<T>;
  }
}

/**
 * An error that Pulumi prints below the resource, without a stack. With one, Node 20 takes a minute of CPU to colour it
 * before the program ends (`util.inspect` with `colors` in the SDK's handler of unhandled rejections).
 */
function deployError(error: unknown, resource: pulumi.Resource): pulumi.ResourceError {
  const shown = new pulumi.ResourceError(message(error), resource, true);
  shown.stack = "";
  return shown;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
