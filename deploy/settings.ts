import { isAbsolute, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { optionalText } from "./optionalText.ts";
import { ProblemError } from "./problems.ts";

/** What deploy.yaml may say. All defaults of the deploy driver are here. */
const settingsSchema = z.strictObject({
  golden: z.array(z.string()).min(1, "name at least one folder").default(["deploy/golden"]),
  gate: z
    .strictObject({
      allowedDrop: z.number().min(0).max(1).default(0.02),
      minimum: z.number().min(0).max(1).default(0.8),
    })
    .prefault({}),
  /** How many requests to send at once while golden pages are read. */
  clients: z.int().min(1).max(64).default(2),
  /** How many locations to work on at once. */
  parallel: z.int().min(1).max(32).default(4),
  /** Folder for history and checkpoints. */
  state: z.string().default(".deployments"),
  keepCheckpoints: z.int().min(1).default(3),
  stacks: z
    .record(
      z.string(),
      z.strictObject({
        gpuPricePerHour: z.number().positive().optional(),
        currency: z.string().default("USD"),
      }),
    )
    .default({}),
});
export type DeploySettings = z.infer<typeof settingsSchema>;

/**
 * Reads the settings of the deploy driver from deploy.yaml in `folder`; all defaults if there is no such file. Relative
 * paths in it start from `folder`.
 *
 * @throws {ProblemError} with every problem in the file.
 */
export async function readSettings(folder: string): Promise<DeploySettings> {
  const text = await optionalText(join(folder, "deploy.yaml"));
  if (text === undefined && (await optionalText(join(folder, "automation.yaml"))) !== undefined) {
    throw new ProblemError("usage", "automation.yaml is not read any more.", "Rename it to deploy.yaml.");
  }
  const settings = parseSettings(text ?? "");
  const absolute = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  return { ...settings, golden: settings.golden.map(absolute), state: absolute(settings.state) };
}

/** The settings in the text of a deploy.yaml, with defaults. Throws {@link ProblemError} with every problem in it. */
export function parseSettings(text: string): DeploySettings {
  let value: unknown;
  try {
    value = parse(text) ?? {};
  } catch (error) {
    throw new ProblemError("usage", `deploy.yaml is not valid YAML: ${(error as Error).message}`, "Fix the file.");
  }
  const parsed = settingsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join(".") || "the file"}: ${message}`);
  throw new ProblemError(
    "usage",
    `deploy.yaml has problems:\n${problems.join("\n")}`,
    "docs/deploy.md lists its keys.",
  );
}
