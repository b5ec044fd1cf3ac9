import type { Stack, UpResult } from "@pulumi/pulumi/automation/index.js";
import { type Environment, environmentOrSkip } from "./environment.ts";
import { Measurements } from "./measurements.ts";
import { Project } from "./project.ts";
import { testSettings } from "./settings.ts";

type Tree = { readonly [key: string]: unknown };

/** What the tests of one `describe` share: a cluster, a copy of the project, its stack, and the figures they measure. */
export class Suite {
  readonly measured = new Measurements();
  #environment: Environment | undefined;
  #project: Project | undefined;
  #stack: Stack | undefined;

  get environment(): Environment {
    return there(this.#environment, "environment");
  }

  get project(): Project {
    return there(this.#project, "project");
  }

  /** The stack as {@link up} or {@link configure} left it. */
  get stack(): Stack {
    return there(this.#stack, "stack");
  }

  /** Configure the stack: the settings of the suite with `changes` laid over them. Deploys nothing. */
  async configure(changes: Tree = {}): Promise<Stack> {
    this.#stack = await this.project.stack(changes);
    return this.#stack;
  }

  /** Configure the stack, then `pulumi up`; rejects with what Pulumi printed where that fails. */
  async up(changes: Tree = {}, secrets: Readonly<Record<string, string>> = {}): Promise<UpResult> {
    const stack = await this.configure(changes);
    for (const [name, value] of Object.entries(secrets)) await stack.setConfig(name, { value, secret: true });
    return await stack.up();
  }

  /** Copy the project, with the suite's settings. */
  async begin(environment: Environment, settings: Tree): Promise<void> {
    this.#environment = environment;
    this.#project = await Project.copy(testSettings(environment, settings));
  }

  /** Print the figures, destroy the stack and remove the copy; does nothing where the suite was skipped. */
  async end(cleanUp: (environment: Environment) => Promise<void>): Promise<void> {
    if (this.#project === undefined) return;
    console.log(`\n${this.measured}\n`);
    await this.#stack?.destroy().catch(() => undefined);
    await cleanUp(this.environment);
    await this.#project.remove();
  }
}

/**
 * Sets a suite up before the tests of the surrounding `describe` and takes it down after them. Skips them, saying what
 * is missing, where the environment cannot run them.
 *
 * @param settings the suite's own settings, over those of {@link testSettings}.
 * @param cleanUp removes what the suite made besides its stack.
 */
export function suiteOf(
  settings: (environment: Environment) => Tree,
  cleanUp: (environment: Environment) => Promise<void> = async () => {},
): Suite {
  const suite = new Suite();
  before(async function () {
    const environment = await environmentOrSkip(this);
    await suite.begin(environment, settings(environment));
  });
  after(() => suite.end(cleanUp));
  return suite;
}

function there<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the suite has no ${what} yet`);
  return value;
}
