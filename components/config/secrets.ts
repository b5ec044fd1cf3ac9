/** A secret that a stack may carry, and the Secret in the service's namespace that is made of it, if any. */
interface SecretFacts {
  readonly description: string;
  readonly object?: SecretObject;
}

/** A Kubernetes Secret of one key. */
export interface SecretObject {
  /** Last part of its name. */
  readonly name: string;
  readonly key: string;
  /** Kubernetes' type of the Secret; Opaque if left out. */
  readonly type?: string;
  /** Whether a change of `auth.rotation` makes a new Secret under a new name, so that pods restart with it. */
  readonly rotates?: boolean;
}

/**
 * The secrets that a stack may carry. None of them is a setting: they travel only in Pulumi secrets. The schema of the
 * component, Pulumi.yaml, the documentation and the names of the Secrets follow from this table.
 */
export const secrets = {
  huggingFaceToken: {
    description: "Token of Hugging Face. The default model needs none; gated models do.",
    object: { name: "hugging-face", key: "token" },
  },
  tailscaleOauthClientSecret: {
    description: "Secret of the OAuth client that tailscale.oauthClientId names.",
  },
  apiKey: {
    description: "API key of the service, instead of a generated one. Change auth.rotation together with it.",
    object: { name: "api-key", key: "api-key", rotates: true },
  },
  redisPassword: {
    description: "Password of the Redis that gcsFaultTolerance.redisAddress names.",
    object: { name: "redis", key: "password" },
  },
  registryDockerConfig: {
    description: "Contents of a .dockerconfigjson, from which a pull Secret is made in the namespace.",
    object: { name: "registry", key: ".dockerconfigjson", type: "kubernetes.io/dockerconfigjson" },
  },
  packageIndex: {
    description: "URL of a package index with its login, instead of pdfLibraries.index.",
    object: { name: "package-index", key: "url" },
  },
  kubeconfig: {
    description: "Contents of a kubeconfig, instead of a file.",
  },
} as const satisfies Readonly<Record<string, SecretFacts>>;

export type SecretName = keyof typeof secrets;
/** Secrets of which a Kubernetes Secret is made in the service's namespace. */
export type StoredSecretName = {
  [K in SecretName]: (typeof secrets)[K] extends { readonly object: SecretObject } ? K : never;
}[SecretName];
export const secretNames = Object.keys(secrets) as readonly SecretName[];

/** Which secrets a stack carries; rules need some and exclude others. */
export type GivenSecrets = ReadonlySet<SecretName>;
