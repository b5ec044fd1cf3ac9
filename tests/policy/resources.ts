import type { Props, Resource } from "../../policy/resource.ts";

/** Resources as the program registers them, good in every respect; tests spoil one thing at a time. */

export const resource = (type: string, props: Props): Resource => ({ type, name: "test", props });

const limits = { cpu: "4", memory: "24Gi" };

export function headGroup(over: Props = {}): Props {
  return {
    rayStartParams: { "num-gpus": "0" },
    template: {
      spec: {
        containers: [
          {
            name: "ray-head",
            image: "rayproject/ray-llm:2.60.0-py312-cu130",
            resources: { limits, requests: limits },
            env: [{ name: "OCR_API_KEY", valueFrom: { secretKeyRef: { name: "api-key", key: "key" } } }],
          },
        ],
      },
    },
    ...over,
  };
}

export function workerContainer(over: Props = {}): Props {
  return {
    name: "ray-worker",
    image: "rayproject/ray-llm:2.60.0-py312-cu130",
    env: [{ name: "HF_HOME", value: "/models/huggingface" }],
    resources: { limits: { ...limits, "nvidia.com/gpu": "1" }, requests: limits },
    volumeMounts: [
      { name: "shm", mountPath: "/dev/shm" },
      { name: "models", mountPath: "/models" },
    ],
    ...over,
  };
}

export function worker(container: Props = workerContainer(), over: Props = {}): Props {
  const volumes = [
    { name: "shm", emptyDir: { medium: "Memory", sizeLimit: "8Gi" } },
    { name: "models", persistentVolumeClaim: { claimName: "model-cache" } },
  ];
  return { groupName: "gpu", template: { spec: { containers: [container], volumes, ...over } } };
}

export const serveConfig = (gpus: number) => `applications:
  - name: deepseek-ocr
    deployments:
      - name: Api
        ray_actor_options: {num_cpus: 0}
      - name: Engine
        ray_actor_options: {num_cpus: 2, num_gpus: ${gpus}}
`;

interface Parts {
  readonly head?: Props;
  readonly workers?: readonly Props[];
  readonly gpus?: number;
  readonly service?: Props;
}

export function rayService({ head = headGroup(), workers = [worker()], gpus = 1, service }: Parts = {}): Resource {
  return resource("kubernetes:ray.io/v1:RayService", {
    spec: {
      serveConfigV2: serveConfig(gpus),
      serveService: {
        spec: {
          type: "LoadBalancer",
          loadBalancerClass: "tailscale",
          ports: [{ port: 80, targetPort: 8000 }],
          ...service,
        },
      },
      rayClusterConfig: { headGroupSpec: head, workerGroupSpecs: workers },
    },
  });
}

export function release(props: Props = {}): Resource {
  return resource("kubernetes:helm.sh/v3:Release", {
    chart: "kuberay-operator",
    version: "1.7.0",
    repositoryOpts: { repo: "https://charts.example.org" },
    values: { image: { tag: "v1.7.0" } },
    ...props,
  });
}

export function job(container: Props): Resource {
  return resource("kubernetes:batch/v1:Job", {
    spec: {
      template: {
        spec: {
          containers: [{ name: "prefetch", image: "example.org/ray:2.60.0", resources: { limits }, ...container }],
        },
      },
    },
  });
}

export const service = (spec: Props, metadata: Props = {}) =>
  resource("kubernetes:core/v1:Service", { metadata, spec });

export const secret = (value: string) => resource("kubernetes:core/v1:Secret", { stringData: { token: value } });
