/**
 * Every version that this stack pins: charts and images. The model and its revision are in
 * serve-app/ocr_app/settings/.
 * The Ray version must equal the one inside the image, or KubeRay picks the wrong probes.
 */
export const versions = {
  ray: "2.60.0",
  /** Minor version of the Python in the next image, which a head with another image must have too. */
  python: "3.12",
  /** Ray 2.60.0 with vLLM 0.29.0, CUDA 13 (host driver 580 or later), user `ray` (uid 1000). */
  rayLlmImage: "rayproject/ray-llm:2.60.0-py312-cu130",
  charts: {
    kuberay: { repository: "https://ray-project.github.io/kuberay-helm/", name: "kuberay-operator", version: "1.7.0" },
    gpuOperator: { repository: "https://helm.ngc.nvidia.com/nvidia", name: "gpu-operator", version: "v26.7.0" },
    tailscale: { repository: "https://pkgs.tailscale.com/helmcharts", name: "tailscale-operator", version: "1.102.3" },
  },
} as const;
