import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tailscale from "@pulumi/tailscale";
import type { SecretArgs } from "./args.ts";
import type { Settings } from "./config/settings.ts";
import { helmRelease } from "./helmRelease.ts";
import { renderOperatorNamespace } from "./specs/namespaces.ts";
import { OAUTH_SCOPES, OAUTH_SECRET, renderTailscaleRelease } from "./specs/tailscaleRelease.ts";
import { type Transforms, transformed } from "./transforms.ts";

interface TailnetArgs {
  readonly settings: Settings;
  readonly secrets: SecretArgs;
  readonly transforms: Transforms;
}

/**
 * The Tailscale operator and its OAuth client, if the stack installs them. A published Service must depend on this:
 * the operator's finalizer keeps it until the proxy has left the tailnet. The stack creates nothing there but its own
 * OAuth client; the policy file, DNS and settings belong to the whole tailnet.
 */
export class TailscaleOperator extends pulumi.ComponentResource {
  constructor(name: string, { settings, secrets, transforms }: TailnetArgs, opts: pulumi.ComponentResourceOptions) {
    super("deepseek-ocr-pulumi:index:TailscaleOperator", name, {}, opts);
    const child = { parent: this };
    const namespace = renderOperatorNamespace(settings.tailscale, true);
    const dependsOn = namespace ? [new k8s.core.v1.Namespace(`${name}-namespace`, namespace, child)] : [];
    const client = this.oauthClient(name, settings, secrets);
    const oauth = new k8s.core.v1.Secret(
      `${name}-oauth`,
      {
        metadata: { name: OAUTH_SECRET, namespace: settings.tailscale.namespace },
        stringData: { client_id: client.id, client_secret: pulumi.secret(client.secret) },
      },
      { ...child, dependsOn, deleteBeforeReplace: true },
    );
    const release = transformed(renderTailscaleRelease(settings), transforms.tailscaleOperator);
    helmRelease(`${name}-release`, release, { ...child, dependsOn: [...dependsOn, oauth] });
    this.registerOutputs({});
  }

  private oauthClient(name: string, { tailscale: wanted, location }: Settings, secrets: SecretArgs) {
    if (!wanted.createOauthClient) {
      return { id: wanted.oauthClientId ?? "", secret: secrets.tailscaleOauthClientSecret ?? "" };
    }
    const client = new tailscale.OauthClient(
      `${name}-oauth-client`,
      {
        // Tailscale allows letters and digits only.
        description: `deepseek ocr ${location}`.replaceAll(/[^a-zA-Z0-9 ]/g, " "),
        scopes: OAUTH_SCOPES,
        tags: [wanted.operatorTag],
      },
      { parent: this },
    );
    return { id: client.id, secret: client.key };
  }
}
