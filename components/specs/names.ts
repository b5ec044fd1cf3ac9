import type { Settings } from "../config/settings.ts";
import { shortHash } from "./hash.ts";

/** Name of the RayService; KubeRay derives deepseek-ocr-head-svc from it, which clients inside the cluster use. */
export const SERVICE = "deepseek-ocr";

export const HEAD_SERVICE = `${SERVICE}-head-svc`;

/** Labels of everything in the namespace; `component` tells the parts apart. */
export function labels(component: string): Record<string, string> {
  // Not app.kubernetes.io/name: KubeRay sets that one on its pods to its own.
  return { "app.kubernetes.io/part-of": SERVICE, "app.kubernetes.io/component": component };
}

/** Name on the tailnet, and of the Service that carries it. */
export function hostname({ location }: Pick<Settings, "location">): string {
  return `${location}-ai-deepseek-ocr`;
}

/**
 * Names of the Secrets. Those that rotate carry the rotation in their name: pods refer to a new name, and so restart,
 * while the old Secret serves the old pods until they are gone.
 */
export function secretRefs({ auth }: Pick<Settings, "auth">) {
  const rotation = shortHash(auth.rotation);
  return {
    apiKey: { name: `${SERVICE}-api-key-${rotation}`, key: "api-key" },
    rayAuth: { name: `${SERVICE}-ray-auth-${rotation}`, key: "auth_token" },
    huggingFace: { name: `${SERVICE}-hugging-face`, key: "token" },
    redis: { name: `${SERVICE}-redis`, key: "password" },
    registry: { name: `${SERVICE}-registry`, key: ".dockerconfigjson" },
  } as const;
}
