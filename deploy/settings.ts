import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { ProblemError } from "./problems.ts";

/** What deploy.yaml may say. Every default of the deploy driver is here and nowhere else. */
const settingsSchema = z.strictObject({
  golden: z.array(z.string()).min(1, "name at least one folder").default(["deploy/golden"]),
  gate: z
    .strictObject({
      allowedDrop: z.number().min(0).max(1).default(0.02),
      minimum: z.number().min(0).max(1).default(0.8),
    })
    .prefault({}),
  /** Requests at once while golden pages are read. */
  clients: z.int().min(1).max(64).default(2),
  /** Locations that are worked on at once. */
  parallel: z.int().min(1).max(32).default(4),
  /** Folder of history and checkpoints. */
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
 * Settings of the deploy driver from deploy.yaml in `folder`; the defaults where there is no such file. Paths in
 * it count from `folder`.
 *
 * @throws {ProblemError} with every problem of the file.
 */
export async function readSettings(folder: string): Promise<DeploySettings> {
  const file = join(folder, "deploy.yaml");
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const settings = parseSettings(text);
  const absolute = (path: string) => (isAbsolute(path) ? path : join(folder, path));
  return { ...settings, golden: settings.golden.map(absolute), state: absolute(settings.state) };
}

export function parseSettings(text: string): DeploySettings {
  let value: unknown;
  try {
    value = parse(text) ?? {};
  } catch (error) {
    throw new ProblemError("usage", `deploy.yaml is no YAML: ${(error as Error).message}`, "Mend the file.");
  }
  const parsed = settingsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join(".") || "the file"}: ${message}`);
  throw new ProblemError("usage", `deploy.yaml has problems:\n${problems.join("\n")}`, "See docs/deploy.md.");
}
