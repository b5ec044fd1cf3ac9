import { usesGpu } from "../engines.ts";
import type { ConfigProblem } from "../errors.ts";
import { problem, type Rule, rule } from "./rule.ts";

const DNS_LABEL = 63;

/** Rules of namespaces, the tailnet and Redis. */
export const networkRules: readonly Rule[] = [
  rule(["gcsFaultTolerance"], function redisIsNamed({ gcsFaultTolerance }) {
    if (!gcsFaultTolerance.enabled || gcsFaultTolerance.redisAddress) return;
    const fix = "name your Redis as host:port, or set gcsFaultTolerance.enabled to false";
    return problem("gcsFaultTolerance.redisAddress", undefined, fix);
  }),
  rule(
    ["namespace", "gpuOperator", "kuberay", "tailscale", "exposure", "engine"],
    function namespacesAreApart({ namespace, gpuOperator, kuberay, tailscale, exposure, engine }) {
      const operators = [
        ...(usesGpu(engine) ? [["gpuOperator", gpuOperator] as const] : []),
        ["kuberay", kuberay] as const,
        ...(exposure === "tailscale" ? [["tailscale", tailscale] as const] : []),
      ].filter(([, { mode }]) => mode === "install");
      const seen = new Map([[namespace.name, "namespace.name"]]);
      return operators.flatMap(([key, { namespace: name }]) => {
        const other = seen.get(name);
        seen.set(name, `${key}.namespace`);
        return other
          ? [problem(`${key}.namespace`, name, `must differ from ${other}: each namespace is removed with its part`)]
          : [];
      });
    },
  ),
  rule(["location", "exposure", "tailscale"], function publishedNamesFit({ location, exposure, tailscale }) {
    if (exposure !== "tailscale" || !tailscale.https) return;
    const name = `${location}-ai-deepseek-ocr-https`;
    if (name.length <= DNS_LABEL) return;
    return problem("location", location, `with tailscale.https, shorten it by ${name.length - DNS_LABEL} characters`);
  }),
  rule(["exposure", "tailscale"], function httpsNeedsTheTailnet({ exposure, tailscale }) {
    if (exposure === "tailscale" || !tailscale.https) return;
    return problem("tailscale.https", true, "needs exposure tailscale");
  }),
  rule(["exposure", "tailscale", "secrets"], function tailscaleOperatorCanLogIn({ exposure, tailscale, secrets }) {
    if (exposure !== "tailscale") return;
    const { mode, createOauthClient, oauthClientId } = tailscale;
    const secret = secrets.has("tailscaleOauthClientSecret");
    if (mode === "existing") {
      const fix =
        "an existing operator has its own OAuth client: remove tailscale.oauthClientId, tailscale.createOauthClient " +
        "and the secret tailscaleOauthClientSecret";
      return createOauthClient || oauthClientId !== undefined || secret
        ? problem("tailscale.mode", mode, fix)
        : undefined;
    }
    if (createOauthClient) {
      const fix = "set it to false, or remove tailscale.oauthClientId and the secret tailscaleOauthClientSecret";
      return oauthClientId !== undefined || secret ? problem("tailscale.createOauthClient", true, fix) : undefined;
    }
    const missing: ConfigProblem[] = [];
    if (!oauthClientId) {
      const fix = "name the operator's OAuth client, or set tailscale.createOauthClient";
      missing.push(problem("tailscale.oauthClientId", undefined, fix));
    }
    if (!secret) {
      const fix =
        "set it with `pulumi config set --secret tailscaleOauthClientSecret`, or set tailscale.createOauthClient";
      missing.push(problem("tailscaleOauthClientSecret", undefined, fix));
    }
    return missing;
  }),
];
