import type { SecretName } from "../../components/config/settings.ts";

/** What each secret is, for the schema, the documentation and the component's arguments. */
export const secretDescriptions: Readonly<Record<SecretName, string>> = {
  huggingFaceToken: "Token of Hugging Face. The default model needs none; gated ones do.",
  tailscaleOauthClientSecret: "Secret of the OAuth client that tailscale.oauthClientId names.",
  apiKey: "API key of the service, instead of a generated one. Change auth.rotation with it.",
  redisPassword: "Password of the Redis that gcsFaultTolerance.redisAddress names.",
  registryDockerConfig: "Contents of a .dockerconfigjson, from which a pull Secret is made in the namespace.",
  kubeconfig: "Contents of a kubeconfig, instead of a file.",
};
