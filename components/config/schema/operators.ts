import { z } from "zod";
import { enginesThat } from "./engineText.ts";
import { dnsLabel, freeForm, text } from "./values.ts";

const chart = z
  .strictObject({
    repository: z
      .string()
      .describe("Helm repository of the chart; empty if `name` is an oci:// reference or a local path."),
    name: text.describe("Chart name in the repository, oci:// reference, or path of a chart directory or archive."),
    version: z.string().describe("Chart version; empty for a local path."),
  })
  .describe("Where the chart comes from.");

const operator = (what: string) => ({
  mode: z
    .enum(["install", "existing"])
    .describe(`\`install\` installs the ${what} with Helm; \`existing\` uses the one that the cluster has.`),
  namespace: dnsLabel.max(63).describe(`Namespace of the ${what}.`),
  createNamespace: z.boolean().describe("Create that namespace. Set it to false if the namespace exists."),
  chart,
  values: freeForm.describe("Helm values, laid over the values that this stack sets."),
});

export const gpuOperator = z
  .strictObject({
    ...operator("NVIDIA GPU Operator"),
    driver: z
      .boolean()
      .describe(
        "Let the operator install the driver. Set it to false if the node image has one (most managed clusters).",
      ),
    toolkit: z
      .boolean()
      .describe("Let the operator install the container toolkit. Set it to false if the node image has it."),
    nodeFeatureDiscovery: z
      .boolean()
      .describe("Install Node Feature Discovery. Set it to false if the cluster has it."),
    timeSlicingReplicas: z
      .int()
      .min(1)
      .max(16)
      .describe(
        "Number of pods that share each GPU. Above 1, memory and faults are not isolated: every engine must fit its share.",
      ),
  })
  .describe(`GPU Operator, used by ${enginesThat(({ gpus }) => gpus > 0)} only.`);

export const kuberay = z
  .strictObject({
    ...operator("KubeRay operator"),
    installCrds: z
      .boolean()
      .describe("Install KubeRay's CRDs and upgrade them with the chart. `pulumi destroy` does not delete them."),
    waitForGcs: z
      .boolean()
      .describe("Let KubeRay add a container to each worker that waits for the head. It adds 5 s to every wake-up."),
  })
  .describe("KubeRay operator.");

export const tailscale = z
  .strictObject({
    ...operator("Tailscale operator"),
    oauthClientId: text
      .exactOptional()
      .describe("OAuth client of the operator; the secret `tailscaleOauthClientSecret` belongs to it."),
    createOauthClient: z
      .boolean()
      .describe(
        "Create that OAuth client with @pulumi/tailscale instead. Set tailscale:oauthClientId and tailscale:oauthClientSecret, or tailscale:apiKey.",
      ),
    operatorTag: z.string().startsWith("tag:", "write tag:NAME").describe("Tag of the operator."),
    tags: z
      .array(z.string().startsWith("tag:", "write tag:NAME"))
      .min(1, "name at least one tag")
      .describe("Tags of the published service. The operator's tag must own them."),
    https: z
      .boolean()
      .describe(
        "Also publish by a Tailscale Ingress: HTTPS on port 443 with a certificate, at LOCATION-ai-deepseek-ocr-https.",
      ),
  })
  .describe("Tailscale. The stack never changes anything that the whole tailnet shares.");
