import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SecretArgs } from "./args.ts";
import type { Settings } from "./config/settings.ts";
import { labels, secretRefs } from "./specs/names.ts";

/** A Secret of one key in the service's namespace. */
export function serviceSecret(
  name: string,
  { namespace }: Pick<Settings, "namespace">,
  ref: { readonly name: string; readonly key: string },
  value: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions & { type?: string },
): k8s.core.v1.Secret {
  const { type, ...rest } = opts;
  return new k8s.core.v1.Secret(
    name,
    {
      metadata: { name: ref.name, namespace: namespace.name, labels: labels("secret") },
      ...(type ? { type } : {}),
      stringData: { [ref.key]: pulumi.secret(value) },
    },
    // The name is fixed, so a changed value replaces the Secret, and the old one must go first.
    { deleteBeforeReplace: true, ...rest },
  );
}

/** The Secrets that the RayService refers to. */
export class ServiceSecrets extends pulumi.ComponentResource {
  /** API key that clients send; empty where none is asked for. Always a secret. */
  readonly apiKey: pulumi.Output<string>;

  constructor(
    name: string,
    { settings, secrets }: { settings: Settings; secrets: SecretArgs },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("deepseek-ocr-pulumi:index:ServiceSecrets", name, {}, opts);
    const child = { parent: this };
    const refs = secretRefs(settings);
    const keepers = { rotation: settings.auth.rotation };

    const rayToken = new random.RandomPassword(`${name}-ray-token`, { length: 48, special: false, keepers }, child);
    serviceSecret(`${name}-ray-auth`, settings, refs.rayAuth, rayToken.result, child);

    this.apiKey = pulumi.secret("");
    if (settings.auth.enabled) {
      this.apiKey = pulumi.secret(
        secrets.apiKey ??
          new random.RandomPassword(`${name}-generated-key`, { length: 40, special: false, keepers }, child).result,
      );
      serviceSecret(`${name}-api-key`, settings, refs.apiKey, this.apiKey, child);
    }
    if (settings.gcsFaultTolerance.enabled && secrets.redisPassword !== undefined) {
      serviceSecret(`${name}-redis`, settings, refs.redis, secrets.redisPassword, child);
    }
    if (secrets.registryDockerConfig !== undefined) {
      const type = "kubernetes.io/dockerconfigjson";
      serviceSecret(`${name}-registry`, settings, refs.registry, secrets.registryDockerConfig, { ...child, type });
    }
    this.registerOutputs({});
  }
}
