import type { KubeApi } from "./client.ts";
import type { ServiceObject } from "./objects.ts";
import { paths } from "./paths.ts";
import { contains } from "./serveStatus.ts";
import { type Clock, realClock } from "./waiting.ts";

/** The Service that KubeRay is to keep in front of the live cluster: `spec.serveService`. */
export interface WantedService {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly type?: string;
    readonly loadBalancerClass?: string;
    readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: number }[];
  };
}

export interface ExposureOptions {
  readonly namespace: string;
  /** Name of the RayService that owns the Service. */
  readonly owner: string;
  readonly wanted: WantedService;
  /** First label that the tailnet name must have; undefined if the Service is not published on a tailnet. */
  readonly hostname?: string | undefined;
  readonly timeoutSeconds: number;
  readonly report?: (line: string) => void;
  readonly clock?: Clock;
}

export interface Exposure {
  /** Full name on the tailnet, such as hel1-ai-deepseek-ocr.tail1234.ts.net. */
  readonly publishedName?: string;
}

const POLL_MILLISECONDS = 1_000;

/**
 * Makes the live Service what `wanted` says and waits until it is published under the wanted name.
 *
 * KubeRay writes the Service once and follows only its own cluster switches: a changed annotation or port never
 * reaches a Service that exists. So a Service that differs is deleted, and KubeRay creates it again a second later.
 */
export async function settleExposure(api: KubeApi, options: ExposureOptions): Promise<Exposure> {
  const clock = options.clock ?? realClock;
  await removeOld(api, options);
  const deadline = clock.now() + options.timeoutSeconds * 1_000;
  let replaced: string | undefined;
  for (;;) {
    const live = await api.find<ServiceObject>(paths.service(options.namespace, options.wanted.metadata.name));
    if (live !== undefined && live.metadata.deletionTimestamp === undefined) {
      const differs = difference(live, options.wanted);
      if (differs !== undefined && live.metadata.uid !== replaced) {
        options.report?.(`replacing Service ${live.metadata.name}, because ${differs} changed`);
        await remove(api, options.namespace, live);
        replaced = live.metadata.uid;
      } else if (differs === undefined) {
        if (options.hostname === undefined) return {};
        const published = live.status?.loadBalancer?.ingress?.find((one) => one.hostname !== undefined)?.hostname;
        if (published !== undefined) return { publishedName: checkedName(published, options.hostname) };
      }
    }
    if (clock.now() > deadline) throw new Error(timeoutMessage(options, live));
    await clock.sleep(POLL_MILLISECONDS);
  }
}

/** The first part in which a live Service differs from the wanted one. */
export function difference(live: ServiceObject, wanted: WantedService): string | undefined {
  const parts: [string, unknown, unknown][] = [
    ["an annotation", live.metadata.annotations ?? {}, wanted.metadata.annotations ?? {}],
    ["a label", live.metadata.labels ?? {}, wanted.metadata.labels ?? {}],
    ["its type", live.spec?.type, wanted.spec.type ?? live.spec?.type],
    ["its load balancer class", live.spec?.loadBalancerClass, wanted.spec.loadBalancerClass],
    ["a port", live.spec?.ports, wanted.spec.ports],
  ];
  return parts.find(([, seen, want]) => !contains(seen, want))?.[0];
}

/**
 * The published name, if it is the wanted one.
 *
 * @throws {Error} if Tailscale published another name, with what to do: a name that is taken gets `-1`.
 */
export function checkedName(published: string, hostname: string): string {
  const label = published.split(".")[0] ?? "";
  if (label === hostname) return published;
  const taken = label.startsWith(`${hostname}-`) && /^\d+$/.test(label.slice(hostname.length + 1));
  throw new Error(
    taken
      ? `The tailnet published this service as ${label}, because another machine is already called ${hostname}. ` +
          "Remove that machine in the Tailscale admin console (Machines; usually it is left from an earlier install), or choose another `location`. " +
          `Then delete the Service (\`kubectl delete service\` with the label or name ${hostname}) and run \`pulumi up\` again.`
      : `The tailnet published this service as ${label} instead of ${hostname}; check the Tailscale operator's log.`,
  );
}

/** Services of this RayService under another name: a `location` that was renamed leaves one behind. */
async function removeOld(api: KubeApi, options: ExposureOptions): Promise<void> {
  const list = await api.json<{ items: ServiceObject[] }>(paths.services(options.namespace));
  for (const service of list.items) {
    const owned = service.metadata.ownerReferences?.some(
      (one) => one.kind === "RayService" && one.name === options.owner,
    );
    const published = service.spec?.loadBalancerClass !== undefined;
    if (owned === true && published && service.metadata.name !== options.wanted.metadata.name) {
      options.report?.(`removing Service ${service.metadata.name}, the old name of this location`);
      await remove(api, options.namespace, service);
    }
  }
}

async function remove(api: KubeApi, namespace: string, service: ServiceObject): Promise<void> {
  await api.find(paths.service(namespace, service.metadata.name), { method: "DELETE" });
}

function timeoutMessage(options: ExposureOptions, live: ServiceObject | undefined): string {
  const name = options.wanted.metadata.name;
  if (live === undefined) return `KubeRay did not create the Service ${name} in ${options.timeoutSeconds} s.`;
  if (live.metadata.deletionTimestamp !== undefined) {
    return `The Service ${name} has been in deletion for ${options.timeoutSeconds} s, because the Tailscale operator has not released it. Check that the operator runs and that its OAuth client is valid.`;
  }
  const said = live.status?.conditions?.find((one) => one.type === "TailscaleProxyReady");
  return (
    `The Service ${name} got no name on the tailnet in ${options.timeoutSeconds} s` +
    `${said?.message === undefined ? "" : ` (${said.reason}: ${said.message})`}. ` +
    "Check that the Tailscale operator runs (`kubectl get pods -A -l app=operator`) and that its OAuth client owns the Service's tags."
  );
}
