import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { SecretArgs } from "./args.ts";
import type { AppSettings } from "./config/appSettings.ts";
import type { Settings } from "./config/settings.ts";
import type { DeployTime } from "./deployTime.ts";
import { REPLACES_ANNOTATION, replacedJob } from "./kube/recovery.ts";
import { waitForJob } from "./kube/waitForJob.ts";
import { serviceSecret } from "./serviceSecrets.ts";
import { readPrefetchSources } from "./sources.ts";
import { modelToFetch, renderCacheClaim } from "./specs/modelCache.ts";
import { renderPrefetch } from "./specs/prefetchJob.ts";
import { type Transforms, transformed } from "./transforms.ts";

interface ModelAccessArgs {
  readonly settings: Settings;
  readonly app: AppSettings;
  readonly secrets: SecretArgs;
  readonly transforms: Transforms;
  readonly deployTime: DeployTime;
}

/** Token, cache and prefetch of the model. Once `filled` resolves, an engine finds the model on its volume. */
export class ModelAccess extends pulumi.ComponentResource {
  /** Resolves when the model is in its cache, if a Job puts it there. */
  readonly filled: pulumi.Output<unknown> = pulumi.output(undefined);

  constructor(
    name: string,
    { settings, app, secrets, transforms, deployTime }: ModelAccessArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("deepseek-ocr-pulumi:index:ModelAccess", name, {}, opts);
    const child = { parent: this };
    const ready: pulumi.Resource[] = [];
    if (secrets.huggingFaceToken !== undefined) {
      ready.push(serviceSecret(`${name}-token`, "huggingFaceToken", settings, secrets.huggingFaceToken, child));
    }
    const claim = renderCacheClaim(settings);
    if (claim) {
      const rendered = transformed(claim, transforms.cacheClaim);
      ready.push(new k8s.core.v1.PersistentVolumeClaim(`${name}-cache`, rendered, child));
    }
    const registrySecret = secrets.registryDockerConfig !== undefined;
    const wanted = modelToFetch(settings.engine, app);
    const prefetch = renderPrefetch({ ...settings, registrySecret }, wanted, readPrefetchSources());
    if (prefetch) {
      const script = new k8s.core.v1.ConfigMap(`${name}-prefetch-script`, prefetch.script, child);
      const job = transformed(prefetch.job, transforms.prefetchJob);
      const { name: jobName } = job.metadata;
      const namespace = settings.namespace.name;
      const replaces = deployTime.query(this, "", (api) => replacedJob(api, namespace, jobName));
      // The program waits itself, and Pulumi only for the object: Pulumi would say that the Job failed, and not why.
      // (With skipAwait it would not wait for a deletion either.)
      const annotations = {
        ...job.metadata.annotations,
        "pulumi.com/waitFor": "jsonpath={.metadata.uid}",
        [REPLACES_ANNOTATION]: replaces,
      };
      const created = new k8s.batch.v1.Job(
        `${name}-prefetch`,
        { ...job, metadata: { ...job.metadata, annotations } },
        {
          ...child,
          dependsOn: [script, ...ready],
          deleteBeforeReplace: true,
          replaceOnChanges: [`metadata.annotations["${REPLACES_ANNOTATION}"]`],
        },
      );
      const claims = (job.spec.template.spec.volumes ?? []).flatMap(
        (one) => one.persistentVolumeClaim?.claimName ?? [],
      );
      const timeoutSeconds = settings.model.prefetchTimeoutSeconds + 60;
      this.filled = deployTime.duringUp(this, created.id, undefined, (api, _id, report) =>
        waitForJob(api, { namespace, job: jobName, claims, timeoutSeconds, report }),
      );
    }
    this.registerOutputs({});
  }
}
