import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { copyProgram } from "../../components/program.ts";
import { optionalText } from "../optionalText.ts";
import { stackFile } from "../pulumi/stack.ts";
import { stateFolder } from "./folder.ts";

/**
 * What went into a deploy: the program with the application's code, and the stack's file with its secrets encrypted.
 * Deploying it again brings that deploy back, whatever the cluster looks like by then. A copy of Pulumi's state would not
 * do: it would describe a cluster that has since changed.
 */
export interface Checkpoint {
  /** Time of the deploy, such as 20261123T203000Z. */
  readonly id: string;
  readonly folder: string;
  /** Hash of its content: equal for two deploys of the same inputs. */
  readonly content: string;
}

const folderOf = (state: string, stack: string) => join(stateFolder(state, stack), "checkpoints");

/** Copies what is about to be deployed. It becomes a checkpoint only through {@link keepCheckpoint}. */
export async function takeCheckpoint(state: string, stack: string, workDir: string): Promise<Checkpoint> {
  const id = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const folder = join(folderOf(state, stack), `${id}.candidate`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await copyProgram(workDir, join(folder, "program"));
  await cp(join(workDir, stackFile(stack)), join(folder, "stack.yaml"));
  return { id, folder, content: await hashFolder(folder) };
}

/** Turns a candidate into a checkpoint, and removes all checkpoints but the newest `keep`. */
export async function keepCheckpoint(candidate: Checkpoint, keep: number): Promise<Checkpoint> {
  const folder = candidate.folder.replace(/\.candidate$/, "");
  // Before the rename, so that a checkpoint is whole from its first moment on.
  await writeFile(join(candidate.folder, "content"), candidate.content);
  await rename(candidate.folder, folder);
  const parent = join(folder, "..");
  const names = (await readdir(parent)).filter((name) => !name.endsWith(".candidate")).sort();
  await Promise.all(names.slice(0, -keep).map((name) => rm(join(parent, name), { recursive: true })));
  return { ...candidate, folder };
}

/** Removes a candidate, unless it became a checkpoint. */
export async function dropCandidate({ folder }: Checkpoint): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Every checkpoint of a location, oldest first. */
export async function listCheckpoints(state: string, stack: string): Promise<Checkpoint[]> {
  const parent = folderOf(state, stack);
  const names = existsSync(parent) ? (await readdir(parent)).filter((name) => !name.endsWith(".candidate")).sort() : [];
  const found = await Promise.all(
    names.map(async (id) => {
      const folder = join(parent, id);
      const content = await optionalText(join(folder, "content"));
      // A folder without it is not a whole checkpoint: something was interrupted while it was made or removed.
      return content === undefined ? [] : [{ id, folder, content }];
    }),
  );
  return found.flat();
}

/** A folder that Pulumi can deploy from. Call `dispose` when you no longer need it. */
export interface Restored {
  readonly workDir: string;
  dispose(): Promise<void>;
}

/**
 * Copies a checkpoint into a folder of its own, ready for a deploy.
 *
 * @param repository its node_modules are used if the checkpoint locks the same versions; otherwise they are installed.
 * @param stackText text of the stack's file; the checkpoint's own by default.
 */
export async function restore(
  checkpoint: Checkpoint,
  stack: string,
  repository: string,
  stackText?: string,
): Promise<Restored> {
  const workDir = await mkdtemp(join(tmpdir(), "deepseek-ocr-"));
  await cp(join(checkpoint.folder, "program"), workDir, { recursive: true });
  await writeFile(join(workDir, stackFile(stack)), stackText ?? (await readStackText(checkpoint)));
  const lock = await Promise.all(
    [workDir, repository].map((folder) => optionalText(join(folder, "package-lock.json"))),
  );
  if (lock[0] === lock[1]) await symlink(join(repository, "node_modules"), join(workDir, "node_modules"));
  else await promisify(execFile)("npm", ["ci", "--no-audit", "--no-fund"], { cwd: workDir });
  return { workDir, dispose: () => rm(workDir, { recursive: true, force: true }) };
}

/** Reads the stack's file of a checkpoint. */
export function readStackText({ folder }: Checkpoint): Promise<string> {
  return readFile(join(folder, "stack.yaml"), "utf8");
}

async function hashFolder(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const files = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(await readFile(join(folder, file)))
      .update("\0");
  return hash.digest("hex").slice(0, 16);
}
