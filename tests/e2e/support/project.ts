import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as automation from "@pulumi/pulumi/automation/index.js";
import { parse, stringify } from "yaml";
import { merge } from "../../../components/config/merge.ts";
import { copyProgram } from "../../../components/program.ts";

const ROOT = resolve(fileURLToPath(new URL("../../..", import.meta.url)));
const STACK = "kind";
const PREFIX = "deepseek-ocr:";

type Tree = { readonly [key: string]: unknown };

/**
 * A copy of this project that a test may change, as a fresh clone would be, with its own Pulumi state in a folder. Its
 * settings are those of Pulumi.kind.yaml with changes laid over them.
 */
export class Project {
  readonly directory: string;
  readonly #settings: Tree;

  private constructor(directory: string, settings: Tree) {
    this.directory = directory;
    this.#settings = settings;
  }

  static async copy(settings: Tree): Promise<Project> {
    const directory = await mkdtemp(join(tmpdir(), "ocr-e2e-"));
    await copyProgram(ROOT, directory);
    await symlink(join(ROOT, "node_modules"), join(directory, "node_modules"));
    await mkdir(join(directory, "state"));
    return new Project(directory, settings);
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true });
  }

  /** The stack, configured as Pulumi.kind.yaml with the tests' settings and `changes` laid over it. */
  async stack(changes: Tree = {}): Promise<automation.Stack> {
    const kind = parse(await readFile(join(ROOT, `Pulumi.${STACK}.yaml`), "utf8")) as { config: Tree };
    const base = Object.fromEntries(
      Object.entries(kind.config).map(([key, value]) => [key.slice(PREFIX.length), value]),
    );
    const settings = merge(merge(base, this.#settings), changes) as Tree;
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [PREFIX + key, value]));
    const file = join(this.directory, `Pulumi.${STACK}.yaml`);
    // Pulumi keeps the salt of its encryption in the same file.
    const before = parse(await readFile(file, "utf8").catch(() => "{}")) as Tree;
    await writeFile(file, stringify({ ...before, config }));
    return await automation.LocalWorkspace.createOrSelectStack(
      { stackName: STACK, workDir: this.directory },
      {
        envVars: {
          PULUMI_BACKEND_URL: `file://${join(this.directory, "state")}`,
          PULUMI_CONFIG_PASSPHRASE: "e2e",
        },
      },
    );
  }

  /** Change a file of the application, as an editor would. @throws where the change alters nothing. */
  async edit(path: string, change: (text: string) => string): Promise<void> {
    const file = join(this.directory, "serve-app/ocr_app", path);
    const before = await readFile(file, "utf8");
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${path} changes nothing`);
    await writeFile(file, after);
  }
}
