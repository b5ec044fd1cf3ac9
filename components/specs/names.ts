import { type SecretObject, type StoredSecretName, secrets } from "../config/secrets.ts";
import type { Settings } from "../config/settings.ts";
import { shortHash } from "./hash.ts";

/** Name of the RayService; KubeRay derives deepseek-ocr-head-svc from it, which clients inside the cluster use. */
export const SERVICE = "deepseek-ocr";

export const HEAD_SERVICE = `${SERVICE}-head-svc`;

/** Labels of everything in the namespace; `component` names the part. */
export function labels(component: string): Record<string, string> {
  // Not app.kubernetes.io/name: KubeRay sets that one on its pods to its own.
  return { "app.kubernetes.io/part-of": SERVICE, "app.kubernetes.io/component": component };
}

/** Name on the tailnet, and of the Service that carries it. */
export function hostname({ location }: Pick<Settings, "location">): string {
  return `${location}-ai-deepseek-ocr`;
}

/** A Secret in the service's namespace: Ray's token, which is always generated, or one that is made of the stack's. */
export type ServiceSecretName = StoredSecretName | "rayAuth";

const rayAuth: SecretObject = { name: "ray-auth", key: "auth_token", rotates: true };

/** Name, key and type of the Kubernetes Secret that holds a secret. */
export function secretObject(secret: ServiceSecretName): SecretObject {
  return secret === "rayAuth" ? rayAuth : secrets[secret].object;
}

/**
 * Name and key of a Secret. Those that rotate carry the rotation in their name: pods refer to a new name, and so
 * restart, while the old Secret serves the old pods until they are gone.
 */
export function secretRef(
  secret: ServiceSecretName,
  { auth }: Pick<Settings, "auth">,
): { readonly name: string; readonly key: string } {
  const { name, key, rotates } = secretObject(secret);
  return { name: `${SERVICE}-${name}${rotates ? `-${shortHash(auth.rotation)}` : ""}`, key };
}
