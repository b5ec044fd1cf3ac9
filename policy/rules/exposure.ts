import { at, isProps, type Resource, type Rule, unknown, walk } from "../resource.ts";

const advice = 'set loadBalancerClass: "tailscale", or type: "ClusterIP"';

export const noPublicLoadBalancer: Rule = {
  name: "no-public-load-balancer",
  description: "Nothing is reachable from the internet: services are published on the tailnet only.",
  check: (resource) => [
    ...services(resource),
    ...headServiceType(resource),
    ...funnels(resource),
    ...ingress(resource),
  ],
};

/** Services at every depth: a Service object, `spec.serveService`, `headService` of a Ray cluster. */
function services({ type, props }: Resource): string[] {
  if (!type.startsWith("kubernetes:")) return [];
  return [...walk(props)].flatMap(({ path, value }) => {
    if (!isProps(value) || value.loadBalancerClass === "tailscale" || value.loadBalancerClass === unknown) return [];
    if (value.type === "LoadBalancer") return [`${path}.type: LoadBalancer without a tailnet; ${advice}.`];
    if (value.type === "NodePort") return [`${path}.type: NodePort opens a port of every node; ${advice}.`];
    return [];
  });
}

/** KubeRay gives the head's Service this type; it cannot carry a class. */
function headServiceType({ props }: Resource): string[] {
  const path = "spec.rayClusterConfig.headGroupSpec.serviceType";
  const type = at(props, path);
  return type === "LoadBalancer" || type === "NodePort"
    ? [`${path}: ${type} opens the Ray head; use "ClusterIP".`]
    : [];
}

function funnels({ props }: Resource): string[] {
  return [...walk(props)].flatMap(({ path, value }) =>
    isProps(value) && String(value["tailscale.com/funnel"]) === "true"
      ? [`${path}: tailscale.com/funnel publishes on the internet; remove it.`]
      : [],
  );
}

function ingress({ type, props }: Resource): string[] {
  if (type !== "kubernetes:networking.k8s.io/v1:Ingress") return [];
  const ingressClass = at(props, "spec.ingressClassName");
  if (ingressClass === "tailscale" || ingressClass === unknown) return [];
  return [`spec.ingressClassName: "${String(ingressClass)}" may be public; use "tailscale".`];
}
