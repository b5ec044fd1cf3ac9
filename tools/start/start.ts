import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, root } from "../bootstrap/paths.mjs";
import { elapsed, phase } from "../bootstrap/phase.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { pythonEnvironment } from "../python/environment.ts";
import { checkDocument, type Page, readPages } from "./document.ts";
import { claim, clearTraces, type Instance } from "./instance.ts";
import { memoryProblem } from "./memory.ts";
import { parseStartOptions, type StartOptions, startHelp } from "./options.ts";
import { bindablePort, portHolder } from "./port.ts";
import { ocrRequest, readPage } from "./request.ts";
import { localServeConfig } from "./serveConfig.ts";
import { Service } from "./service.ts";
import { onStop } from "./stop.ts";
import { framed, greeting } from "./words.ts";

const sample = join(root, "examples", "sample.pdf");

/** `npm start`: run the service on this machine, read one document to show that it works, stop on Ctrl-C. Returns the exit code. */
export async function start(args: readonly string[]): Promise<number> {
  const options = parseStartOptions(args);
  if (options.help) {
    console.log(startHelp);
    return 0;
  }
  const document = options.file === false ? undefined : options.file ? checkDocument(options.file) : sample;
  const tooSmall = memoryProblem(options.engine);
  if (tooSmall) throw new UserError(tooSmall);
  if ((await clearTraces()) > 0) console.error("  Cleared up after a start that was killed.");

  const instance = await claimPort(options.port);
  const stop = onStop();
  let service: Service | undefined;
  try {
    // On a stop, what is running is left as it is; the service is ended below.
    await Promise.race([
      run(options, instance, document, (started) => {
        service = started;
      }),
      stop,
    ]);
  } finally {
    await service?.stop();
    instance.release();
  }
  console.error("Stopped; nothing is left running.");
  return 0;
}

async function run(
  options: StartOptions,
  instance: Instance,
  document: string | undefined,
  onSpawn: (service: Service) => void,
): Promise<void> {
  const python = await pythonEnvironment("cpu");
  const began = Date.now();
  const service = Service.spawn(python, instance, localServeConfig(options.engine, instance.port), options.key);
  onSpawn(service);
  const rendered = document ? readPages(python, document) : Promise.resolve([]);
  rendered.catch(() => {}); // reported below, when the service is up
  await phase("Service", (detail) => service.ready(detail));

  const pages = await rendered;
  const own = options.file !== undefined;
  for (const [index, page] of pages.entries()) {
    await showPage(options, instance.port, page, `${document}, page ${index + 1} of ${pages.length}`, own);
    if (index === 0 && !own)
      console.error(`First text ${elapsed(Date.now() - began)} after the start of the service.\n`);
  }
  const requestFile = !own && pages[0] ? writeRequest(instance.port, pages[0]) : undefined;
  console.log(greeting({ port: instance.port, key: Boolean(options.key), requestFile, log: service.log }));

  await service.exited;
  throw new UserError(
    `The service has ended by itself. The last lines of its log:\n${service.lastLines()}\nLog: ${service.log}`,
  );
}

async function showPage(options: StartOptions, port: number, page: Page, title: string, whole: boolean): Promise<void> {
  const began = Date.now();
  const text = await phase(`Reading ${title.replace(`${root}/`, "")}`, () =>
    readPage(`http://127.0.0.1:${port}/v1`, options.key, page),
  );
  const seconds = elapsed(Date.now() - began);
  const heading = `${title.replace(`${root}/`, "")}, ${seconds}`;
  console.log(`\n${framed(heading, text, process.stdout.columns, whole ? Number.POSITIVE_INFINITY : undefined)}\n`);
}

/** The sample as a request body, for the curl line. */
function writeRequest(port: number, page: Page): string {
  const file = join(cacheDir, `sample-${port}.json`);
  writeFileSync(file, JSON.stringify(ocrRequest(page)));
  return file;
}

async function claimPort(wanted: number): Promise<Instance> {
  const port = await bindablePort(wanted);
  const claimed = claim(port ?? wanted);
  const another = "Or use another port: npm start -- --port 8001";
  if ("heldBy" in claimed) {
    throw new UserError(
      `It is already running: http://127.0.0.1:${wanted} (process ${claimed.heldBy}).\n` +
        `Stop it with Ctrl-C in its terminal, or: kill ${claimed.heldBy}\n${another}`,
    );
  }
  if (port === undefined) {
    claimed.release();
    const holder =
      portHolder(wanted) ?? (wanted < 1024 ? "the system (ports below 1024 need root)" : "another program");
    throw new UserError(`Port ${wanted} is taken by ${holder}.\n${another}`);
  }
  return claimed;
}
