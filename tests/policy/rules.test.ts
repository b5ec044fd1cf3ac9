import { deepEqual, equal, match } from "node:assert/strict";
import { type Resource, type Rule, unknown } from "../../policy/resource.ts";
import { rules } from "../../policy/rules/index.ts";
import {
  headGroup,
  job,
  rayService,
  release,
  resource,
  secret,
  service,
  worker,
  workerContainer,
} from "./resources.ts";

interface Cases {
  readonly kept: Readonly<Record<string, Resource>>;
  /** What breaks the rule, and what the message must say. */
  readonly broken: Readonly<Record<string, readonly [Resource, RegExp]>>;
}

const token = `hf_${"a".repeat(30)}`;

const cases: Readonly<Record<string, Cases>> = {
  "pinned-images": {
    kept: {
      "a version": rayService(),
      "a digest": job({ image: `example.org/ray@sha256:${"0".repeat(64)}` }),
      "a digest beside a moving tag": job({ image: `example.org/ray:main@sha256:${"0".repeat(64)}` }),
      "a registry with a port": job({ image: "example.org:5000/ray:2.60.0" }),
      "an image known only later": job({ image: unknown }),
    },
    broken: {
      "no tag": [
        job({ image: "example.org/ray" }),
        /spec\.template\.spec\.containers\[0\]\.image: "example\.org\/ray" has no/,
      ],
      "a port, no tag": [job({ image: "example.org:5000/ray" }), /has no version/],
      "a moving tag": [job({ image: "example.org/ray:nightly" }), /instead of "nightly"/],
      "an init container": [
        rayService({ workers: [worker(workerContainer(), { initContainers: [{ name: "wait", image: "busybox" }] })] }),
        /workerGroupSpecs\[0\]\.template\.spec\.initContainers\[0\]\.image/,
      ],
    },
  },
  "no-latest": {
    kept: {
      "a version": rayService(),
      "a chart": release(),
      "a word that ends so": release({ values: { note: "the latest" } }),
    },
    broken: {
      "an image": [job({ image: "example.org/ray:latest" }), /"example\.org\/ray:latest"; write the version/],
      "a tag in a chart's values": [release({ values: { image: { tag: "latest" } } }), /values\.image\.tag: "latest"/],
      "an image in a chart's values": [release({ values: { image: "a/b:latest" } }), /values\.image: "a\/b:latest"/],
      "a chart": [release({ version: "latest" }), /version: "latest"/],
    },
  },
  "pinned-charts": {
    kept: {
      "an exact version": release(),
      "a version with v": release({ version: "v26.7.0" }),
      "a pre-release": release({ version: "1.7.0-rc.0" }),
      "a local directory": release({ chart: "./charts/kuberay", version: undefined }),
      "a local archive": release({ chart: "kuberay-1.7.0.tgz", version: undefined }),
      "an OCI digest": release({ chart: `oci://example.org/kuberay@sha256:${"0".repeat(64)}`, version: undefined }),
      "another resource": rayService(),
    },
    broken: {
      "no version": [release({ version: undefined }), /"kuberay-operator" has no version; write one exact/],
      "an empty version": [release({ version: "" }), /has no version/],
      "a range": [release({ version: "^1.7.0" }), /has "\^1\.7\.0"/],
      "a part of a version": [release({ version: "1.7" }), /has "1\.7"/],
      "OCI without a version": [release({ chart: "oci://example.org/kuberay", version: undefined }), /has no version/],
    },
  },
  "memory-limits": {
    kept: {
      "limits everywhere": rayService(),
      "a job": job({}),
      "a limit known only later": job({ resources: { limits: { memory: unknown } } }),
    },
    broken: {
      "no resources": [
        job({ resources: undefined }),
        /containers\[0\]\.resources\.limits\.memory: container "prefetch" has none/,
      ],
      "a request only": [job({ resources: { requests: { memory: "1Gi" } } }), /has none; set one/],
    },
  },
  "gpu-limits": {
    kept: {
      "a GPU for the engine": rayService(),
      "an engine without GPU": rayService({ gpus: 0, workers: [worker(workerContainer({ resources: {} }))] }),
      "another resource": job({}),
    },
    broken: {
      "a worker without": [
        rayService({ workers: [worker(workerContainer({ resources: { limits: { memory: "24Gi" } } }))] }),
        /workerGroupSpecs\[0\].*set "nvidia\.com\/gpu"/,
      ],
      "a worker with none": [
        rayService({ workers: [worker(workerContainer({ resources: { limits: { "nvidia.com/gpu": "0" } } }))] }),
        /set "nvidia\.com\/gpu"/,
      ],
      "no workers": [rayService({ workers: [] }), /no worker has one/],
    },
  },
  "no-public-load-balancer": {
    kept: {
      "on the tailnet": rayService(),
      "inside the cluster": service({ type: "ClusterIP" }),
      "a tailnet ingress": resource("kubernetes:networking.k8s.io/v1:Ingress", {
        spec: { ingressClassName: "tailscale" },
      }),
      "a class known only later": service({ type: "LoadBalancer", loadBalancerClass: unknown }),
    },
    broken: {
      "no class": [
        service({ type: "LoadBalancer" }),
        /spec\.type: LoadBalancer without a tailnet; set loadBalancerClass/,
      ],
      "another class": [service({ type: "LoadBalancer", loadBalancerClass: "example.org/lb" }), /spec\.type/],
      "a node port": [service({ type: "NodePort" }), /opens a port of every node/],
      "the service of a RayService": [
        rayService({ service: { loadBalancerClass: undefined } }),
        /spec\.serveService\.spec\.type: LoadBalancer/,
      ],
      "the head of a RayService": [
        rayService({ head: headGroup({ serviceType: "LoadBalancer" }) }),
        /headGroupSpec\.serviceType: LoadBalancer opens the Ray head/,
      ],
      "a service of a chart": [release({ values: { service: { type: "LoadBalancer" } } }), /values\.service\.type/],
      "a funnel": [
        service({ type: "ClusterIP" }, { annotations: { "tailscale.com/funnel": "true" } }),
        /metadata\.annotations: tailscale\.com\/funnel/,
      ],
      "another ingress": [
        resource("kubernetes:networking.k8s.io/v1:Ingress", { spec: { ingressClassName: "nginx" } }),
        /spec\.ingressClassName: "nginx" may be public/,
      ],
    },
  },
  "secrets-by-reference": {
    kept: {
      "a reference": rayService(),
      "a token inside a Secret": secret(token),
      "the path of a token": job({ env: [{ name: "HF_TOKEN_PATH", value: "/secrets/token" }] }),
      "a word in a name": job({ env: [{ name: "TOKENIZERS_PARALLELISM", value: "false" }] }),
      "an empty variable": job({ env: [{ name: "HF_TOKEN", value: "" }] }),
    },
    broken: {
      "a variable": [
        job({ env: [{ name: "HF_TOKEN", value: "plain" }] }),
        /env\[0\]: HF_TOKEN is in plain text; use valueFrom/,
      ],
      "an API key": [job({ env: [{ name: "OCR_API_KEY", value: "plain" }] }), /OCR_API_KEY is in plain text/],
      "a variable known only later": [job({ env: [{ name: "REDIS_PASSWORD", value: unknown }] }), /REDIS_PASSWORD/],
      "a token in a ConfigMap": [
        resource("kubernetes:core/v1:ConfigMap", { data: { "settings.json": `{"token": "${token}"}` } }),
        /^data\.settings\.json: holds a key in plain text/,
      ],
      "a token among arguments": [job({ args: ["--token", token] }), /args\[1\]: holds a key/],
    },
  },
  "cache-present": {
    kept: {
      "a claim": rayService(),
      "a host directory": rayService({
        workers: [worker(workerContainer(), { volumes: [{ name: "models", hostPath: { path: "/m" } }] })],
      }),
      "the mount itself": rayService({
        workers: [worker(workerContainer({ env: [{ name: "HF_HOME", value: "/models" }] }))],
      }),
      "an engine without GPU": rayService({ gpus: 0, workers: [worker(workerContainer({ volumeMounts: [] }))] }),
    },
    broken: {
      "no mount": [
        rayService({ workers: [worker(workerContainer({ volumeMounts: [] }))] }),
        /no volume holds the model cache/,
      ],
      "no directory": [rayService({ workers: [worker(workerContainer({ env: [] }))] }), /point HF_HOME into it/],
      "a neighbour's mount": [
        rayService({ workers: [worker(workerContainer({ env: [{ name: "HF_HOME", value: "/models-of-others" }] }))] }),
        /no volume/,
      ],
      "a volume of memory": [
        rayService({
          workers: [worker(workerContainer(), { volumes: [{ name: "models", emptyDir: { medium: "Memory" } }] })],
        }),
        /no volume/,
      ],
      "a mount without a volume": [rayService({ workers: [worker(workerContainer(), { volumes: [] })] }), /no volume/],
    },
  },
  "head-without-gpu": {
    kept: { "no GPU": rayService(), "a silent head": rayService({ head: headGroup({ rayStartParams: {} }) }) },
    broken: {
      "a limit": [
        rayService({ head: headGroup({ template: { spec: { containers: [workerContainer()] } } }) }),
        /headGroupSpec\.template: the head requests a GPU/,
      ],
      "a promise to Ray": [
        rayService({ head: headGroup({ rayStartParams: { "num-gpus": "1" } }) }),
        /rayStartParams\.num-gpus: "1"; write "0"/,
      ],
    },
  },
};

describe("policy rules", () => {
  it("each has cases", () => deepEqual(Object.keys(cases).sort(), rules.map(({ name }) => name).sort()));

  for (const rule of rules) {
    const { kept, broken } = cases[rule.name] ?? { kept: {}, broken: {} };
    describe(rule.name, () => {
      for (const [name, good] of Object.entries(kept)) {
        it(`takes ${name}`, () => deepEqual(rule.check(good), []));
      }
      for (const [name, [bad, message]] of Object.entries(broken)) {
        it(`refuses ${name}`, () => {
          const violations = rule.check(bad);
          equal(violations.length, 1, violations.join("\n"));
          match(violations[0] ?? "", message);
        });
      }
    });
  }

  it("never show the value of a secret", () => {
    const leaky = job({ env: [{ name: "HF_TOKEN", value: token }], args: [token] });
    const told = rules.flatMap((rule: Rule) => rule.check(leaky)).join("\n");
    match(told, /HF_TOKEN is in plain text/);
    equal(told.includes(token), false);
  });

  it("all take a good service", () =>
    deepEqual(
      rules.flatMap((rule) => rule.check(rayService())),
      [],
    ));
});
