import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { versions } from "../../components/config/versions.ts";
import { runChild } from "../bootstrap/childProcess.mjs";
import { cacheDir } from "../bootstrap/paths.mjs";
import { UserError } from "../bootstrap/userError.mjs";

/** A chart in a Helm repository. */
export interface Chart {
  /** Address of the folder that holds index.yaml. */
  readonly repository: string;
  readonly name: string;
  readonly version: string;
}

/** Longest wait for one download, in milliseconds. */
const TIMEOUT_MILLISECONDS = 60_000;

const kuberay: Chart = versions.charts.kuberay;

/** Where `npm run crds` puts KubeRay's chart. It is there or not; a part of it never is. */
export const kuberayChart = join(cacheDir, "charts", `${kuberay.name}-${kuberay.version}`);

/**
 * `npm run crds`: fetch KubeRay's chart in the version that the stack pins, for the tests that need its CRDs, and print
 * its folder. If it is there already, nothing is fetched.
 */
export async function crds(): Promise<number> {
  if (!existsSync(kuberayChart)) await fetchChart(kuberay, kuberayChart);
  console.log(kuberayChart);
  return 0;
}

/**
 * Fetch a chart from its repository and unpack it as a folder, all of it or nothing.
 *
 * @throws {UserError} if the repository cannot be reached, or has no such chart, or another one than its index says.
 */
export async function fetchChart(chart: Chart, folder: string): Promise<void> {
  const index = new URL("index.yaml", `${chart.repository.replace(/\/$/, "")}/`);
  const { urls, digest } = entryOf(chart, parse((await download(index)).toString("utf8")) as Index, index);
  const archive = await download(new URL(urls[0] ?? "", index));
  const found = createHash("sha256").update(archive).digest("hex");
  if (digest !== undefined && digest !== found) {
    throw new UserError(`${urls[0]} has the SHA-256 ${found}; ${index} promises ${digest}. Do not use it.`);
  }
  await mkdir(dirname(folder), { recursive: true });
  const unpacked = await mkdtemp(`${folder}.`);
  try {
    await writeFile(join(unpacked, "chart.tgz"), archive);
    const { code, output } = await runChild("tar", ["-xzf", "chart.tgz"], { cwd: unpacked });
    if (code !== 0) throw new UserError(`tar cannot unpack ${urls[0]}: ${output.trim()}`);
    await rename(join(unpacked, chart.name), folder);
  } finally {
    await rm(unpacked, { recursive: true });
  }
}

interface Index {
  readonly entries?: Readonly<Record<string, readonly Entry[] | undefined>>;
}
interface Entry {
  readonly version: string;
  readonly urls: readonly string[];
  /** SHA-256 of the archive. */
  readonly digest?: string;
}

function entryOf({ name, version }: Chart, { entries = {} }: Index, index: URL): Entry {
  const entry = entries[name]?.find((one) => one.version === version);
  if (entry) return entry;
  const known = entries[name]?.map((one) => one.version).slice(0, 5) ?? [];
  const hint = known.length > 0 ? `it has ${known.join(", ")}` : `it has no chart of this name`;
  throw new UserError(`${index} has no ${name} ${version} (${hint}). Correct components/config/versions.ts.`);
}

async function download(url: URL): Promise<Buffer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
    if (!response.ok) throw new Error(`the answer is ${response.status} ${response.statusText}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    throw new UserError(`Cannot fetch ${url}: ${cause?.message ?? message}`);
  }
}
