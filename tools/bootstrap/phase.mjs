import process from "node:process";

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const REDRAW_MS = 100;
const QUIET_LINE_MS = 10_000;

/**
 * Run a step that may take a while, showing its name, what it is doing and the elapsed time: one line that is redrawn
 * on a terminal, a line every ten seconds elsewhere (CI logs).
 *
 * @template T
 * @param {string} title what is being done, such as "Node packages"
 * @param {(detail: (text: string) => void) => Promise<T>} work calls `detail` with what it is doing
 * @param {NodeJS.WriteStream} [stream]
 * @returns {Promise<T>}
 */
export async function phase(title, work, stream = process.stderr) {
  const started = Date.now();
  let detail = "";
  let frame = 0;
  const line = () => [title, detail, elapsed(Date.now() - started)].filter(Boolean).join("  ");
  const draw = () => {
    frame += 1;
    stream.write(`\r\x1b[2K${fit(`${spinner[frame % spinner.length]} ${line()}`, stream.columns)}`);
  };
  if (!stream.isTTY) stream.write(`  ${title} …\n`);
  const timer = setInterval(
    stream.isTTY ? draw : () => stream.write(`  ${line()}\n`),
    stream.isTTY ? REDRAW_MS : QUIET_LINE_MS,
  );
  const end = (/** @type {string} */ mark) => {
    clearInterval(timer);
    stream.write(`${stream.isTTY ? "\r\x1b[2K" : ""}${mark} ${title}  ${elapsed(Date.now() - started)}\n`);
  };
  try {
    const result = await work((text) => {
      detail = text;
    });
    end("✓");
    return result;
  } catch (error) {
    end("✗");
    throw error;
  }
}

/** @param {number} ms */
export function elapsed(ms) {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/**
 * Cut a line so that it stays one line on the terminal.
 * @param {string} text
 * @param {number | undefined} columns
 */
function fit(text, columns) {
  const width = (columns ?? 80) - 1;
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
