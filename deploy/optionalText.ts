import { readFile } from "node:fs/promises";

/** The text of a file, or undefined if there is no such file. Throws for every other reason why it cannot be read. */
export async function optionalText(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
