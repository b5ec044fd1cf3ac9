import { createHash } from "node:crypto";

/** Eight characters that change with the text: names of objects whose content must never change under its name. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
