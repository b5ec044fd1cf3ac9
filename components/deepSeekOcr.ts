import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { DeepSeekOcrArgs, SecretArgs } from "./args.ts";
import { hasModel, usesGpu } from "./config/engines.ts";
import { resolveSettings } from "./config/resolve.ts";
import { type GivenSecrets, secretNames } from "./config/secrets.ts";
import type { Settings } from "./config/settings.ts";
import { warnings } from "./config/warnings.ts";
import { DeployTime } from "./deployTime.ts";
import { GpuOperator } from "./gpuOperator.ts";
import { KuberayOperator } from "./kuberayOperator.ts";
import { ModelAccess } from "./modelAccess.ts";
import { Monitoring } from "./monitoring.ts";
import { OcrService } from "./ocrService.ts";
import { ServiceSecrets } from "./serviceSecrets.ts";
import { hostname } from "./specs/names.ts";
import { renderServiceNamespace } from "./specs/namespaces.ts";
import { renderEndpoints } from "./specs/outputs.ts";
import { TailscaleOperator } from "./tailnet.ts";
import { type Transforms, transformed } from "./transforms.ts";

/** A private, OpenAI-compatible OCR endpoint on one Kubernetes cluster, and everything that it needs there. */
export class DeepSeekOcr extends pulumi.ComponentResource {
  /** Where the service answers: on the tailnet, or inside the cluster if it is not published. */
  readonly endpoint: pulumi.Output<string>;
  /** What an OpenAI client takes as base URL. */
  readonly openaiBaseUrl: pulumi.Output<string>;
  /** Health of the service. A request to it never wakes a GPU. */
  readonly healthUrl: pulumi.Output<string>;
  /** Models of the service. A request to it never wakes a GPU. */
  readonly modelsUrl: pulumi.Output<string>;
  /** Where pods of the cluster reach the service. */
  readonly inClusterUrl: pulumi.Output<string>;
  /** Command that brings Ray's dashboard to http://127.0.0.1:8265. */
  readonly dashboardCommand: pulumi.Output<string>;
  /** Model id that clients name. */
  readonly modelId: pulumi.Output<string>;
  /** Key that clients send; empty if none is required. A secret. */
  readonly apiKey: pulumi.Output<string>;
  /** How many GPUs the service takes: asleep, awake and during a rollout. */
  readonly gpus: pulumi.Output<string>;

  /**
   * @param transforms changes to what is created, for TypeScript programs.
   * @throws {ConfigError} with everything that is wrong with the arguments, before anything is created.
   */
  constructor(
    name: string,
    args: DeepSeekOcrArgs,
    opts?: pulumi.ComponentResourceOptions,
    transforms: Transforms = {},
  ) {
    const { secrets = {}, ...input } = args;
    const { settings, app } = resolveSettings(input, given(secrets));
    super("deepseek-ocr-pulumi:index:DeepSeekOcr", name, {}, opts);
    for (const warning of warnings(settings)) void pulumi.log.warn(warning, this);

    const provider = this.provider(name, settings, secrets);
    const child = { parent: this, providers: [provider] };
    const namespace = this.namespace(name, settings, transforms, provider);
    const inNamespace = { ...child, dependsOn: namespace };

    const deployTime = DeployTime.ofRun(settings, secrets);

    const before: pulumi.Resource[] = [...namespace];
    const prerequisites: pulumi.Output<unknown>[] = [];
    if (settings.kuberay.mode === "install") {
      const kuberay = new KuberayOperator(`${name}-kuberay`, { settings, transforms, deployTime }, inNamespace);
      before.push(kuberay);
      prerequisites.push(kuberay.ready);
    }
    if (usesGpu(settings.engine) && settings.gpuOperator.mode === "install") {
      before.push(new GpuOperator(`${name}-gpu`, { settings, transforms }, child));
    }
    if (settings.exposure === "tailscale" && settings.tailscale.mode === "install") {
      before.push(new TailscaleOperator(`${name}-tailscale`, { settings, secrets, transforms }, child));
    }
    const serviceSecrets = new ServiceSecrets(`${name}-secrets`, { settings, secrets }, inNamespace);
    before.push(serviceSecrets);
    if (hasModel(settings.engine)) {
      const dependsOn = [...namespace, serviceSecrets];
      const args = { settings, app, secrets, transforms, deployTime };
      const model = new ModelAccess(`${name}-model`, args, { ...child, dependsOn });
      before.push(model);
      prerequisites.push(model.filled);
    }
    const parts = { settings, secrets, transforms, deployTime, prerequisites: pulumi.all(prerequisites) };
    const service = new OcrService(`${name}-service`, parts, { ...child, dependsOn: before });
    new Monitoring(`${name}-monitoring`, { settings, transforms }, inNamespace);

    const published = settings.exposure === "tailscale" ? hostname(settings) : undefined;
    const endpoints = renderEndpoints(settings, app.model_id, published);
    // The address is known before, but is only handed out once the service answers there.
    this.endpoint = service.publishedName.apply(() => endpoints.endpoint);
    this.openaiBaseUrl = pulumi.output(endpoints.openaiBaseUrl);
    this.healthUrl = pulumi.output(endpoints.healthUrl);
    this.modelsUrl = pulumi.output(endpoints.modelsUrl);
    this.inClusterUrl = pulumi.output(endpoints.inClusterUrl);
    this.dashboardCommand = pulumi.output(endpoints.dashboardCommand);
    this.modelId = pulumi.output(endpoints.modelId);
    this.gpus = pulumi.output(endpoints.gpus);
    this.apiKey = serviceSecrets.apiKey;
    this.registerOutputs({ ...endpoints, apiKey: this.apiKey });
  }

  /** One explicit provider for all children, so that nothing ever reaches a cluster that only happens to be current. */
  private provider(name: string, { cluster }: Settings, secrets: SecretArgs): k8s.Provider {
    const kubeconfig = secrets.kubeconfig === undefined ? cluster.kubeconfig : pulumi.secret(secrets.kubeconfig);
    return new k8s.Provider(
      `${name}-cluster`,
      {
        ...(kubeconfig === undefined ? {} : { kubeconfig }),
        ...(cluster.context === undefined ? {} : { context: cluster.context }),
      },
      { parent: this },
    );
  }

  private namespace(
    name: string,
    settings: Settings,
    transforms: Transforms,
    provider: k8s.Provider,
  ): pulumi.Resource[] {
    const namespace = renderServiceNamespace(settings);
    if (!namespace) return [];
    const rendered = transformed(namespace, transforms.namespace);
    return [new k8s.core.v1.Namespace(`${name}-namespace`, rendered, { parent: this, provider })];
  }
}

function given(secrets: SecretArgs): GivenSecrets {
  return new Set(secretNames.filter((name) => secrets[name] !== undefined));
}
