import { merge } from "../config/merge.ts";
import type { Settings } from "../config/settings.ts";
import { chartSource, type HelmRelease } from "./charts.ts";

/** Secret from which the operator reads its OAuth client when the chart's values carry none. */
export const OAUTH_SECRET = "operator-oauth";

/** What the operator's OAuth client may do: create proxies, their keys and their Services, and nothing else. */
export const OAUTH_SCOPES = ["devices:core", "auth_keys", "services"];

/** The Tailscale operator; its OAuth client comes in a Secret, so that no value of the release is secret. */
export function renderTailscaleRelease({ tailscale, location }: Pick<Settings, "tailscale" | "location">): HelmRelease {
  const rendered = {
    operatorConfig: { defaultTags: [tailscale.operatorTag], hostname: `${location}-ai-tailscale-operator` },
    proxyConfig: { defaultTags: tailscale.tags.join(",") },
  };
  return {
    name: "tailscale-operator",
    namespace: tailscale.namespace,
    ...chartSource(tailscale.chart),
    skipCrds: false,
    values: merge(rendered, tailscale.values) as HelmRelease["values"],
  };
}
