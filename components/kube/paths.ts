/** Paths of the Kubernetes API that this folder uses. */

export const paths = {
  rayService: (namespace: string, name: string) => `/apis/ray.io/v1/namespaces/${namespace}/rayservices/${name}`,
  pods: (namespace: string) => `/api/v1/namespaces/${namespace}/pods`,
  podLog: (namespace: string, pod: string, container: string, lines: number, previous: boolean) =>
    `/api/v1/namespaces/${namespace}/pods/${pod}/log?container=${container}&tailLines=${lines}&previous=${previous}`,
  podProxy: (namespace: string, pod: string, port: number, path: string) =>
    `/api/v1/namespaces/${namespace}/pods/${pod}:${port}/proxy${path}`,
  events: (namespace: string) => `/api/v1/namespaces/${namespace}/events`,
  claims: (namespace: string) => `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
  jobs: (namespace: string) => `/apis/batch/v1/namespaces/${namespace}/jobs`,
  services: (namespace: string) => `/api/v1/namespaces/${namespace}/services`,
  service: (namespace: string, name: string) => `/api/v1/namespaces/${namespace}/services/${name}`,
  secrets: (namespace: string) => `/api/v1/namespaces/${namespace}/secrets`,
  secret: (namespace: string, name: string) => `/api/v1/namespaces/${namespace}/secrets/${name}`,
  deployment: (namespace: string, name: string) => `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
  crd: (name: string) => `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`,
} as const;
