import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SecretArgs } from "./args.ts";
import type { Settings } from "./config/settings.ts";
import { labels, type ServiceSecretName, secretObject, secretRef } from "./specs/names.ts";

/** A Secret of one key in the service's namespace. */
export function serviceSecret(
  name: string,
  secret: ServiceSecretName,
  settings: Pick<Settings, "namespace" | "auth">,
  value: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret {
  const { type } = secretObject(secret);
  const ref = secretRef(secret, settings);
  return new k8s.core.v1.Secret(
    name,
    {
      metadata: { name: ref.name, namespace: settings.namespace.name, labels: labels("secret") },
      ...(type ? { type } : {}),
      stringData: { [ref.key]: pulumi.secret(value) },
    },
    // The name is fixed, so a changed value replaces the Secret, and the old one must go first.
    { deleteBeforeReplace: true, ...opts },
  );
}

/** The Secrets that the RayService refers to. */
export class ServiceSecrets extends pulumi.ComponentResource {
  /** API key that clients send; empty if none is required. Always a secret. */
  readonly apiKey: pulumi.Output<string>;

  constructor(
    name: string,
    { settings, secrets }: { settings: Settings; secrets: SecretArgs },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("deepseek-ocr-pulumi:index:ServiceSecrets", name, {}, opts);
    const child = { parent: this };
    const keepers = { rotation: settings.auth.rotation };

    const rayToken = new random.RandomPassword(`${name}-ray-token`, { length: 48, special: false, keepers }, child);
    serviceSecret(`${name}-ray-auth`, "rayAuth", settings, rayToken.result, child);

    this.apiKey = pulumi.secret("");
    if (settings.auth.enabled) {
      this.apiKey = pulumi.secret(
        secrets.apiKey ??
          new random.RandomPassword(`${name}-generated-key`, { length: 40, special: false, keepers }, child).result,
      );
      serviceSecret(`${name}-api-key`, "apiKey", settings, this.apiKey, child);
    }
    if (settings.gcsFaultTolerance.enabled && secrets.redisPassword !== undefined) {
      serviceSecret(`${name}-redis`, "redisPassword", settings, secrets.redisPassword, child);
    }
    if (secrets.registryDockerConfig !== undefined) {
      serviceSecret(`${name}-registry`, "registryDockerConfig", settings, secrets.registryDockerConfig, child);
    }
    if (settings.pdfLibraries.install !== "never" && secrets.packageIndex !== undefined) {
      serviceSecret(`${name}-package-index`, "packageIndex", settings, secrets.packageIndex, child);
    }
    this.registerOutputs({});
  }
}
