import * as pulumi from "@pulumi/pulumi";
import type { SecretArgs } from "./args.ts";
import type { Settings } from "./config/settings.ts";
import { type Connection, connect, type KubeApi } from "./kube/client.ts";

/** Prints one line beside a resource while its step runs. */
export type Report = (line: string) => void;

/**
 * What may be done to the cluster: a `preview` only looks, an `up` also changes things and waits, and `offline`, in
 * `npm run render` and most tests, does not reach it at all.
 */
export type DeployMode = "preview" | "up" | "offline";

interface DeployTimeParts {
  readonly mode: DeployMode;
  readonly connection: pulumi.Input<Connection>;
  /** Makes the client, once, when the first step needs it. */
  readonly connect: (connection: Connection) => Promise<KubeApi>;
}

/**
 * What the program itself does with the cluster while Pulumi runs: queries that Pulumi's resources cannot answer, and
 * waits that end with a reason. Plain `apply`s instead of resource hooks: a hook that fails after its resource was
 * written is forgotten by the next `up`, which sees no change; these run in every `up`, and cost little when all is well.
 */
export class DeployTime {
  readonly #mode: DeployMode;
  readonly #connection: pulumi.Output<Connection>;
  readonly #connect: DeployTimeParts["connect"];
  #api: Promise<KubeApi> | undefined;

  constructor(parts: DeployTimeParts) {
    this.#mode = parts.mode;
    this.#connection = pulumi.output(parts.connection) as pulumi.Output<Connection>;
    this.#connect = parts.connect;
  }

  /** For the Pulumi command that is running, and the cluster that the settings name. */
  static ofRun({ cluster }: Pick<Settings, "cluster">, secrets: Pick<SecretArgs, "kubeconfig">): DeployTime {
    const connection = pulumi
      .output(secrets.kubeconfig)
      .apply((kubeconfigContent) => ({ ...cluster, kubeconfigContent }));
    return new DeployTime({ mode: currentMode(), connection, connect });
  }

  /**
   * Asks the cluster something, in previews too. A preview that gets no answer goes on with `fallback` and a warning;
   * an `up` fails. Offline the answer is `fallback`.
   */
  query<T>(resource: pulumi.Resource, fallback: T, question: (api: KubeApi) => Promise<T>): pulumi.Output<T> {
    return this.#with(undefined, fallback, async (api) => {
      try {
        return await question(await api());
      } catch (error) {
        if (this.#mode === "up") throw deployError(error, resource);
        await pulumi.log.warn(`not checked in this preview: ${message(error)}`, resource);
        return fallback;
      }
    });
  }

  /** Runs a step on the cluster once `after` is there. Only in an `up`; the result is `fallback` everywhere else. */
  duringUp<A, T>(
    resource: pulumi.Resource,
    after: pulumi.Input<A>,
    fallback: T,
    step: (api: KubeApi, after: pulumi.Unwrap<A>, report: Report) => Promise<T>,
  ): pulumi.Output<T> {
    return this.#with(after, fallback, async (api, value) => {
      if (this.#mode === "preview") return fallback;
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
    if (this.#mode === "offline") return pulumi.output(fallback) as pulumi.Output<T>;
    const answer = pulumi.all([this.#connection, after]).apply(([connection, value]) =>
      use(() => {
        this.#api ??= this.#connect(connection);
        return this.#api;
      }, value),
    );
    // A secret kubeconfig does not make secret what the cluster says.
    return pulumi.unsecret(answer) as pulumi.Output<T>;
  }
}

function currentMode(): DeployMode {
  if (!pulumi.runtime.hasEngine()) return "offline";
  return pulumi.runtime.isDryRun() ? "preview" : "up";
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
