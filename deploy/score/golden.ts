import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, extname, join, relative } from "node:path";
import { optionalText } from "../optionalText.ts";
import { type Fact, factSchema } from "./facts.ts";

/** A page whose text is known. */
export interface GoldenPage {
  /** File name without extension; unique over all folders. */
  readonly name: string;
  readonly image: Buffer;
  readonly mediaType: string;
  /** The whole text, as Markdown. */
  readonly text?: string | undefined;
  readonly facts: readonly Fact[];
  /** Changes with the image and with what is expected of it: only scores of the same page can be compared. */
  readonly hash: string;
}

const mediaTypes: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
};

/** Everything that is wrong with golden pages, together. */
export class GoldenError extends Error {
  constructor(problems: readonly string[]) {
    super(`The golden pages cannot be used:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.name = "GoldenError";
  }
}

/**
 * Reads golden pages: each an image with its text (`NAME.md`), facts about it (`NAME.facts.jsonl`), or both.
 *
 * @throws {GoldenError} with every problem of every folder.
 */
export async function loadGolden(folders: readonly string[]): Promise<GoldenPage[]> {
  const problems: string[] = [];
  const pages: GoldenPage[] = [];
  for (const folder of folders) {
    const files = await readdir(folder).catch((error: Error) => {
      problems.push(`${folder}: ${error.message}`);
      return [];
    });
    for (const file of files.sort()) {
      const mediaType = mediaTypes[extname(file).toLowerCase()];
      if (!mediaType) {
        const stem = file.replace(/(\.facts\.jsonl|\.md)$/, "");
        const expects = stem !== file && !/^readme$/i.test(stem);
        if (expects && !files.some((other) => other !== file && isImageOf(other, stem))) {
          problems.push(`${join(folder, file)}: there is no image ${stem}.png, .jpg or .webp beside it`);
        }
        continue;
      }
      const page = await loadPage(folder, file, mediaType, problems);
      if (pages.some(({ name }) => name === page.name))
        problems.push(`${join(folder, file)}: there is a page "${page.name}" already`);
      pages.push(page);
    }
  }
  if (problems.length === 0 && pages.length === 0) problems.push(`${folders.join(", ")}: there is no image`);
  if (problems.length > 0) throw new GoldenError(problems);
  return pages;
}

async function loadPage(folder: string, file: string, mediaType: string, problems: string[]): Promise<GoldenPage> {
  const name = basename(file, extname(file));
  const image = await readFile(join(folder, file));
  const text = await optionalText(join(folder, `${name}.md`));
  const factsFile = join(folder, `${name}.facts.jsonl`);
  const factsText = await optionalText(factsFile);
  if (text === undefined && factsText === undefined) {
    problems.push(`${join(folder, file)}: says nothing to compare with; add ${name}.md or ${name}.facts.jsonl`);
  }
  const facts = parseFacts(factsText ?? "", relative(".", factsFile), problems);
  const hash = createHash("sha256")
    .update(image)
    .update(text ?? "")
    .update(factsText ?? "")
    .digest("hex")
    .slice(0, 16);
  return { name, image, mediaType, text, facts, hash };
}

function parseFacts(text: string, file: string, problems: string[]): Fact[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const where = `${file}:${index + 1}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      problems.push(`${where}: ${(error as Error).message}`);
      return [];
    }
    const parsed = factSchema.safeParse(value);
    if (parsed.success) return [{ ...parsed.data, id: parsed.data.id ?? `line ${index + 1}` }];
    problems.push(...parsed.error.issues.map((issue) => `${where}: ${[...issue.path, issue.message].join(" ")}`));
    return [];
  });
}

function isImageOf(file: string, stem: string): boolean {
  return mediaTypes[extname(file).toLowerCase()] !== undefined && basename(file, extname(file)) === stem;
}
