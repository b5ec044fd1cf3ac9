/** What `npm start` prints, as pure functions of what there is to say. */

const MAX_SAMPLE_LINES = 40;

/** A page's text in a frame, cut after `maxLines`. */
export function framed(title: string, text: string, columns = 100, maxLines = MAX_SAMPLE_LINES): string {
  const width = Math.max(40, Math.min(columns, 120)) - 2;
  const lines = text
    .trimEnd()
    .split("\n")
    .flatMap((line) => wrap(line, width));
  const shown = lines.slice(0, maxLines);
  const cut = lines.length - shown.length;
  return [
    `╭─ ${title} ${"─".repeat(Math.max(0, width - title.length - 3))}`,
    ...shown.map((line) => `│ ${line}`),
    ...(cut > 0 ? [`│ … ${cut} more lines`] : []),
    `╰${"─".repeat(width)}`,
  ].join("\n");
}

/** Lines of at most `width` characters, broken between words where there are any. */
export function wrap(line: string, width: number): string[] {
  const result: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    const end = space > width / 2 ? space : width;
    result.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...result, rest];
}

export interface Facts {
  readonly port: number;
  readonly key: boolean;
  /** File with a request body that curl can send, if there is one. */
  readonly requestFile: string | undefined;
  readonly log: string;
}

/** Where the service is and how to talk to it. */
export function greeting({ port, key, requestFile, log }: Facts): string {
  const origin = `http://127.0.0.1:${port}`;
  return [
    `OpenAI base URL   ${origin}/v1     model deepseek-ocr${key ? "     with your key" : ""}`,
    `Health, metrics   ${origin}/health   ${origin}/metrics`,
    `Log               ${log}`,
    "",
    ...(requestFile ? ["Read the sample again:", `  ${curlLine(origin, key, requestFile)}`, ""] : []),
    "Read a page of yours:",
    `  ${port === 8000 ? "" : `OCR_BASE_URL=${origin}/v1 `}examples/curl.sh page.png`,
    ...(key ? ["Both take the key from the variable OCR_API_KEY: export it in that shell first.", ""] : [""]),
    "Only programs on this machine can reach it. Ctrl-C stops it.",
  ].join("\n");
}

/** One line for a shell; the body comes from a file, since a page in base64 is longer than a command line may be. */
export function curlLine(origin: string, key: boolean, requestFile: string): string {
  return [
    `curl -sS ${origin}/v1/chat/completions -H 'Content-Type: application/json'`,
    ...(key ? [`-H "Authorization: Bearer $OCR_API_KEY"`] : []),
    `--data @${quote(requestFile)}`,
  ].join(" ");
}

function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
