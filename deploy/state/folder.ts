import { join } from "node:path";

/** The folder in which a location's history and checkpoints are kept. A full stack name (org/project/stack) is one folder. */
export function stateFolder(state: string, stack: string): string {
  return join(state, stack.replaceAll("/", "."));
}
