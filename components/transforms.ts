import type { HelmRelease } from "./specs/charts.ts";
import type { ConfigMap, Ingress, Job, Namespace, NetworkPolicy, PersistentVolumeClaim } from "./specs/kubernetes.ts";
import type { PodMonitor } from "./specs/podMonitors.ts";
import type { RayService } from "./specs/rayTypes.ts";

/** Gets what the stack would create and returns what it creates instead. */
export type Transform<T> = (rendered: T) => T;

/**
 * A function for each kind of child, for changes that no setting covers. Functions cannot cross to other languages, so
 * they are not among the arguments: TypeScript programs pass them after the options.
 */
export interface Transforms {
  readonly namespace?: Transform<Namespace>;
  readonly gpuOperator?: Transform<HelmRelease>;
  readonly kuberayOperator?: Transform<HelmRelease>;
  readonly tailscaleOperator?: Transform<HelmRelease>;
  readonly appConfigMap?: Transform<ConfigMap>;
  readonly cacheClaim?: Transform<PersistentVolumeClaim>;
  readonly prefetchJob?: Transform<Job>;
  readonly rayService?: Transform<RayService>;
  readonly httpsIngress?: Transform<Ingress>;
  readonly networkPolicy?: Transform<NetworkPolicy>;
  readonly podMonitor?: Transform<PodMonitor>;
  readonly grafanaDashboard?: Transform<ConfigMap>;
}

/** What a transform makes of an object; the object itself if there is no transform. */
export function transformed<T>(rendered: T, transform: Transform<T> | undefined): T {
  return transform ? transform(rendered) : rendered;
}
