import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { runChild } from "../bootstrap/childProcess.mjs";
import { serveApp } from "../bootstrap/paths.mjs";
import { UserError } from "../bootstrap/userError.mjs";

/** One page as an image file. */
export interface Page {
  readonly bytes: Buffer;
  readonly mime: string;
}

const mimes: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".tif": "image/tiff",
  ".tiff": "image/tiff",
  ".gif": "image/gif",
  ".bmp": "image/bmp",
};

/** @throws {UserError} if the file is not there or is of a kind that cannot be read. */
export function checkDocument(file: string): string {
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), file); // npm changes the directory; INIT_CWD is the user's
  if (!existsSync(path)) throw new UserError(`There is no file ${path}.`);
  if (!statSync(path).isFile()) throw new UserError(`${path} is not a file.`);
  if (extname(path).toLowerCase() !== ".pdf" && !mimeOf(path)) {
    throw new UserError(`${path} is neither a PDF nor an image (known: .pdf ${Object.keys(mimes).join(" ")}).`);
  }
  return path;
}

/** The pages of a PDF, or the image itself. */
export async function readPages(python: string, path: string): Promise<Page[]> {
  const mime = mimeOf(path);
  if (mime) return [{ bytes: readFileSync(path), mime }];
  const directory = mkdtempSync(join(tmpdir(), "ocr-pages-"));
  try {
    const files = await renderPdf(python, path, directory);
    return files.map((file) => ({ bytes: readFileSync(file), mime: "image/png" }));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function mimeOf(path: string): string | undefined {
  return mimes[extname(path).toLowerCase()];
}

/** PNG files of the pages, in order; the tool prints their paths. */
async function renderPdf(python: string, pdf: string, directory: string): Promise<string[]> {
  const { code, stdout, output } = await runChild(python, ["-m", "tools.pdf_to_images", pdf, directory], {
    cwd: serveApp,
  });
  if (code !== 0) throw new UserError(`${pdf} cannot be read as a PDF: ${output.trim().split("\n").at(-1)}`);
  return stdout.trim().split("\n").filter(Boolean);
}
