import wrapAnsi from "wrap-ansi";

const MAX_SAMPLE_LINES = 40;

/**
 * A page's text in a frame.
 *
 * @param columns width of the terminal; the frame is 40 to 120 columns wide.
 * @param maxLines longest text in lines; the rest is cut. 40 by default.
 */
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

/**
 * Rows of at most `width` terminal columns, broken between words if there are any. A Chinese, Japanese or Korean
 * character takes two columns. The indentation of the line is kept.
 */
export function wrap(line: string, width: number): string[] {
  const rows = wrapAnsi(line.trimEnd(), width, { hard: true, trim: false }).split("\n");
  return rows.map((row, index) => (index === 0 ? row.trimEnd() : row.trim()));
}

/** What the greeting says about a running service. */
export interface Greeting {
  readonly port: number;
  /** Whether clients must send a key. */
  readonly key: boolean;
  /** File with a request body that curl can send, if there is one. */
  readonly requestFile: string | undefined;
  readonly log: string;
  /** Whether the environment names a proxy, which curl must leave aside. */
  readonly proxied: boolean;
}

/** Where the service is and how to use it. */
export function greeting({ port, key, requestFile, log, proxied }: Greeting): string {
  const origin = `http://127.0.0.1:${port}`;
  return [
    `OpenAI base URL   ${origin}/v1     model deepseek-ocr     ${key ? "with your key" : "without a key"}`,
    `Health, metrics   ${origin}/health   ${origin}/metrics`,
    `Log               ${log}`,
    "",
    ...(requestFile ? ["Read the sample again:", `  ${curlLine(origin, key, requestFile, proxied)}`, ""] : []),
    "Read a page of your own:",
    `  ${port === 8000 ? "" : `OCR_BASE_URL=${origin}/v1 `}examples/curl.sh page.png`,
    ...(key ? ["Both read the key from the variable OCR_API_KEY: export it in that shell first.", ""] : [""]),
    "Only programs on this machine can reach it. Ctrl-C stops it.",
  ].join("\n");
}

/** One line for a shell; the body comes from a file, since a page in base64 is longer than a command line may be. */
export function curlLine(origin: string, key: boolean, requestFile: string, proxied: boolean): string {
  return [
    `curl -sS ${proxied ? "--noproxy '*' " : ""}${origin}/v1/chat/completions -H 'Content-Type: application/json'`,
    ...(key ? [`-H "Authorization: Bearer $OCR_API_KEY"`] : []),
    `--data @${quote(requestFile)}`,
  ].join(" ");
}

function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
