import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { extname, resolve } from "node:path";
import { UserError } from "../bootstrap/userError.mjs";

/** A kind of file that can be read, how its names end and how its content begins. */
interface Kind {
  readonly mime: string;
  readonly suffixes: readonly string[];
  /** First bytes, in Latin-1; a dot stands for any byte. */
  readonly begins: RegExp;
}

export const PDF = "application/pdf";

const kinds: readonly Kind[] = [
  { mime: PDF, suffixes: [".pdf"], begins: /%PDF-/ }, // anywhere in the first kilobyte
  { mime: "image/png", suffixes: [".png"], begins: /^\x89PNG\r\n/ },
  { mime: "image/jpeg", suffixes: [".jpg", ".jpeg"], begins: /^\xff\xd8\xff/ },
  { mime: "image/webp", suffixes: [".webp"], begins: /^RIFF[\s\S]{4}WEBP/ },
  { mime: "image/tiff", suffixes: [".tif", ".tiff"], begins: /^(II[*+]\0|MM\0[*+])/ },
  { mime: "image/gif", suffixes: [".gif"], begins: /^GIF8/ },
  { mime: "image/bmp", suffixes: [".bmp"], begins: /^BM/ },
];

const LOOK_BYTES = 1024;

/** A file that looks as if it can be read. */
export interface Document {
  readonly path: string;
  readonly mime: string;
}

/** @throws {UserError} if the file is not there, is empty, or is neither a PDF nor an image. */
export function checkDocument(file: string): Document {
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), file); // npm changes the directory; INIT_CWD is the user's
  if (!existsSync(path)) throw new UserError(`There is no file ${path}.`);
  if (!statSync(path).isFile()) throw new UserError(`${path} is not a file.`);
  const bySuffix = kinds.find(({ suffixes }) => suffixes.includes(extname(path).toLowerCase()));
  if (!bySuffix) {
    const known = kinds.flatMap(({ suffixes }) => suffixes).join(" ");
    throw new UserError(`${path} is neither a PDF nor an image (known: ${known}).`);
  }
  const head = beginning(path);
  if (head === "") throw new UserError(`${path} is empty (0 bytes).`);
  const kind = kinds.find(({ begins }) => begins.test(head));
  if (!kind) {
    const wanted = bySuffix.mime === PDF ? "a PDF" : "an image";
    throw new UserError(`${path} is not ${wanted}, only its name says so: its content is of another kind, or damaged.`);
  }
  return { path, mime: kind.mime };
}

function beginning(path: string): string {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch (error) {
    throw new UserError(`${path} cannot be opened: ${(error as Error).message}`);
  }
  try {
    const bytes = Buffer.alloc(LOOK_BYTES);
    return bytes.subarray(0, readSync(fd, bytes, 0, LOOK_BYTES, 0)).toString("latin1");
  } finally {
    closeSync(fd);
  }
}
