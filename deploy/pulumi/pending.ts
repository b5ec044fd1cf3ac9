import type { PulumiCommand, Stack } from "@pulumi/pulumi/automation/index.js";

/** A resource whose creation was cut off: it is not known yet whether it exists. */
export interface PendingCreate {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

interface Deployment {
  readonly pending_operations?: readonly {
    readonly type: string;
    readonly resource: { readonly urn: string; readonly type: string; readonly inputs?: Record<string, unknown> };
  }[];
}

/** The creations that an interrupted update left unfinished. The engine settles changes and deletions itself. */
export function pendingCreates(deployment: unknown): PendingCreate[] {
  const operations = (deployment as Deployment | undefined)?.pending_operations ?? [];
  return operations
    .filter(({ type }) => type === "creating")
    .map(({ resource: { urn, type, inputs = {} } }) => ({ urn, type, inputs }));
}

/** Finds the id of a resource that exists after all; undefined for one that was never made. */
export type FindCreated = (pending: PendingCreate) => Promise<string | undefined>;

/**
 * Settles creations that were cut off, so that the next update neither creates things twice nor refuses to run: what
 * exists is added to the state, what does not exist is forgotten.
 *
 * @returns what was done, one line for each.
 */
export async function settlePending(stack: Stack, command: PulumiCommand, find: FindCreated): Promise<string[]> {
  const { deployment } = await stack.exportStack();
  const pending = pendingCreates(deployment);
  if (pending.length === 0) return [];
  const found = await Promise.all(pending.map(async (create) => ({ create, id: await find(create) })));
  const imports = found.flatMap(({ create, id }) => (id === undefined ? [] : [create.urn, id]));
  await refresh(stack, command, imports);
  return found.map(({ create: { urn }, id }) => {
    const name = urn.split("::").at(-1);
    return id === undefined
      ? `An earlier run was cut off before it created ${name}: it will be created now.`
      : `An earlier run was cut off while it created ${name}: it exists (${id}) and was added to the state.`;
  });
}

/** `stack.refresh` has no option for --import-pending-creates, so this calls the CLI as `stack.refresh` does. */
async function refresh(stack: Stack, command: PulumiCommand, imports: readonly string[]): Promise<void> {
  const flags = imports.map((value) => `--import-pending-creates=${value}`);
  const args = ["refresh", "--yes", "--skip-preview", "--stack", stack.name, "--clear-pending-creates", ...flags];
  const { run } = command as unknown as {
    run(args: string[], cwd: string, environment: Record<string, string>): Promise<unknown>;
  };
  const { pulumiHome, envVars, workDir } = stack.workspace;
  await run(args, workDir, pulumiHome ? { ...envVars, PULUMI_HOME: pulumiHome } : envVars);
}
