import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { SecretArgs } from "./args.ts";
import type { Settings } from "./config/settings.ts";
import type { DeployTime } from "./deployTime.ts";
import { settleExposure } from "./kube/exposure.ts";
import { REPLACES_ANNOTATION, replacedRayService } from "./kube/recovery.ts";
import { waitForService } from "./kube/waitForService.ts";
import { readAppSources, readPdfLock } from "./sources.ts";
import { renderAppConfigMaps } from "./specs/appConfigMaps.ts";
import { hostname } from "./specs/names.ts";
import { renderNetworkPolicies } from "./specs/networkPolicies.ts";
import { renderRayService } from "./specs/rayService.ts";
import type { RayService } from "./specs/rayTypes.ts";
import { renderHttpsIngress } from "./specs/serveService.ts";
import { type Transforms, transformed } from "./transforms.ts";

interface OcrServiceArgs {
  readonly settings: Settings;
  readonly secrets: SecretArgs;
  readonly transforms: Transforms;
  readonly deployTime: DeployTime;
  /** Resolves when the KubeRay operator runs with CRDs that know every field, and the model is in its cache. */
  readonly prerequisites: pulumi.Output<unknown>;
}

/** The application as a RayService, with its code, its network policies and its address outside the cluster. */
export class OcrService extends pulumi.ComponentResource {
  readonly rayService: k8s.apiextensions.CustomResource;
  /** Resolves when the service answers under its name: the name on the tailnet, or undefined if it has none. */
  readonly publishedName: pulumi.Output<string | undefined>;

  constructor(name: string, args: OcrServiceArgs, opts: pulumi.ComponentResourceOptions) {
    super("deepseek-ocr-pulumi:index:OcrService", name, {}, opts);
    const { settings, transforms } = args;
    const child = { parent: this };
    const sources = [...readAppSources(), ...(settings.pdfLibraries.install === "never" ? [] : [readPdfLock()])];
    const parts = renderAppConfigMaps(sources, settings);
    const app = {
      app: transformed(parts.app, transforms.appConfigMap),
      engine: transformed(parts.engine, transforms.appConfigMap),
    };
    const code = Object.entries(app).map(([part, map]) => new k8s.core.v1.ConfigMap(`${name}-${part}`, map, child));
    // Policies before pods: Ray's ports are never open, not even while the service starts.
    const policies = renderNetworkPolicies(settings).map((policy) => {
      const rendered = transformed(policy, transforms.networkPolicy);
      return new k8s.networking.v1.NetworkPolicy(`${name}-${policy.metadata.name}`, rendered, child);
    });

    const rendered = renderRayService(settings, {
      app,
      sources,
      registrySecret: args.secrets.registryDockerConfig !== undefined,
      redisSecret: args.secrets.redisPassword !== undefined,
      packageIndexSecret: args.secrets.packageIndex !== undefined,
    });
    const wanted = transformed(rendered, transforms.rayService);
    this.rayService = this.register(name, args, wanted, [...code, ...policies]);
    this.publishedName = this.waitUntilServing(args, wanted);

    const ingress = renderHttpsIngress(settings);
    if (ingress) {
      const https = transformed(ingress, transforms.httpsIngress);
      new k8s.networking.v1.Ingress(`${name}-https`, https, { ...child, dependsOn: [this.rayService] });
    }
    this.registerOutputs({});
  }

  private register(
    name: string,
    { settings, deployTime, prerequisites }: OcrServiceArgs,
    rendered: RayService,
    dependsOn: pulumi.Resource[],
  ): k8s.apiextensions.CustomResource {
    const { apiVersion, kind, metadata, spec } = rendered;
    const replaces = deployTime.query(this, "", (api) =>
      replacedRayService(api, settings.namespace.name, metadata.name),
    );
    const annotations = pulumi
      .all([replaces, prerequisites])
      .apply(([uid]) => ({ ...metadata.annotations, [REPLACES_ANNOTATION]: uid }));
    return new k8s.apiextensions.CustomResource(
      `${name}-ray-service`,
      { apiVersion, kind, metadata: { ...metadata, annotations }, spec },
      {
        parent: this,
        dependsOn,
        // Clients inside the cluster know its name, so two of them cannot live side by side.
        deleteBeforeReplace: true,
        replaceOnChanges: [`metadata.annotations["${REPLACES_ANNOTATION}"]`],
        customTimeouts: { delete: "15m" },
      },
    );
  }

  /**
   * Pulumi's own wait (`pulumi.com/waitFor`) only knows the condition Ready: it counts a change that Serve refuses as a
   * success, and ends without a reason. So the program itself waits, in every `up`.
   */
  private waitUntilServing(
    { settings, deployTime }: OcrServiceArgs,
    wanted: RayService,
  ): pulumi.Output<string | undefined> {
    const { name } = wanted.metadata;
    const namespace = settings.namespace.name;
    const timeoutSeconds = settings.rayService.deployTimeoutSeconds;
    return deployTime.duringUp(this, this.rayService.id, undefined as string | undefined, async (api, _id, report) => {
      await waitForService(api, { namespace, name }, { timeoutSeconds, report });
      const exposure = await settleExposure(api, {
        namespace,
        owner: name,
        wanted: wanted.spec.serveService,
        hostname: settings.exposure === "tailscale" ? hostname(settings) : undefined,
        timeoutSeconds: EXPOSURE_TIMEOUT_SECONDS,
        report,
      });
      return exposure.publishedName;
    });
  }
}

/** The Tailscale operator starts a proxy pod and logs in; minutes mean that something is wrong. */
const EXPOSURE_TIMEOUT_SECONDS = 300;
