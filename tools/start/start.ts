import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheDir, root } from "../bootstrap/paths.mjs";
import { elapsed, phase } from "../bootstrap/phase.mjs";
import { UserError } from "../bootstrap/userError.mjs";
import { damageProblem } from "../python/damage.ts";
import { pythonEnvironment } from "../python/environment.ts";
import { checkCheckout } from "./checkout.ts";
import { checkDocument, type Document, PDF } from "./document.ts";
import { claim, clearTraces, type Instance } from "./instance.ts";
import { bypassProxies, proxyVariables } from "./loopback.ts";
import { memoryProblem } from "./memory.ts";
import { parseStartOptions, type StartOptions, startHelp } from "./options.ts";
import { type Page, Pages } from "./pages.ts";
import { bindablePort, portHolder, reservePort } from "./port.ts";
import { ocrRequest, readPage } from "./request.ts";
import { localServeConfig } from "./serveConfig.ts";
import { Service } from "./service.ts";
import { onStop } from "./stop.ts";
import { refuseSwallowed } from "./swallowed.ts";
import { framed, greeting } from "./words.ts";

/** Time in milliseconds after which a failure of the service is known, which is the reason then, not the page. */
const FAILURE_MS = 1_500;

const sample: Document = { path: join(root, "examples", "sample.pdf"), mime: PDF };

/** What a start has begun, to be ended with it. */
interface Begun {
  service?: Service;
  pages?: Pages;
  /** Whether the user's own FILE was not read, or not all of it. */
  unread?: boolean;
  /** Whether all of this is being ended: what fails now fails because of that. */
  stopping?: boolean;
}

/**
 * `npm start`: run the service on this machine, read one document to show that it works, stop on Ctrl-C.
 *
 * @returns the exit code: 1 if the user's own FILE could not be read while the service ran.
 */
export async function start(args: readonly string[]): Promise<number> {
  refuseSwallowed(args);
  const options = parseStartOptions(args);
  if (options.help) {
    console.log(startHelp);
    return 0;
  }
  const document = options.file === false ? undefined : options.file ? checkDocument(options.file) : sample;
  const tooSmall = memoryProblem(options.engine);
  if (tooSmall) throw new UserError(tooSmall);
  checkCheckout();
  bypassProxies();
  if ((await clearTraces()) > 0) console.error("  Cleared up after a start that was killed.");

  const instance = await claimPort(options.port);
  const stop = onStop();
  const begun: Begun = {};
  try {
    // On a stop, what is running is left as it is; the service is ended below.
    await Promise.race([run(options, instance, document, begun), stop]);
  } finally {
    begun.stopping = true;
    await begun.pages?.close();
    await begun.service?.stop();
    instance.release();
  }
  console.error("Stopped; nothing is left running.");
  return begun.unread ? 1 : 0;
}

/** Ends only with the service. */
async function run(
  options: StartOptions,
  instance: Instance,
  document: Document | undefined,
  begun: Begun,
): Promise<never> {
  const python = await pythonEnvironment("cpu");
  if (document) begun.pages = new Pages(python, document, instance.directory);
  // A FILE that nothing can be done with is refused before anything runs, as a wrong option is.
  const counted = begun.pages?.count() ?? Promise.resolve(0);
  if (options.file) await counted;
  counted.catch(() => {}); // reported below, when the service is up

  const began = Date.now();
  const service = Service.spawn(python, instance, localServeConfig(options.engine, instance.port), options.key);
  begun.service = service;
  await phase("Service", (detail) => service.ready(detail)).catch((error) => withDamage(error, python, begun));
  await Promise.race([service.ended, introduce(options, instance, document, counted, begun, service.log, began)]);
  return service.ended;
}

/** Why the service did not start: also that files of its packages are damaged, if they are. */
function withDamage(error: unknown, python: string, { stopping }: Begun): never {
  const damage = error instanceof UserError && !stopping ? damageProblem(dirname(dirname(python))) : undefined;
  throw damage ? new UserError(`${(error as UserError).message}\n${damage}`) : error;
}

/** Read the document and say where the service is. */
async function introduce(
  options: StartOptions,
  { port }: Instance,
  document: Document | undefined,
  counted: Promise<number>,
  begun: Begun,
  log: string,
  began: number,
): Promise<void> {
  const own = Boolean(options.file);
  let first: Page | undefined;
  try {
    const count = await counted;
    if (own && count > 1) console.error(`Service: http://127.0.0.1:${port}/v1, log: ${log}\n`); // the greeting comes late
    for (let number = 1; number <= count && begun.pages && document; number++) {
      const page = await begun.pages.next();
      first ??= page;
      await showPage(options, port, page, `${document.path}, page ${number} of ${count}`, own);
      if (number === 1 && !own)
        console.error(`First text ${elapsed(Date.now() - began)} after the start of the service.\n`);
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await sleep(FAILURE_MS);
    if (begun.stopping) return;
    begun.unread = own;
    const what = own ? `${document?.path} was not read to its end` : "The sample was not read";
    console.error(`${what}: ${error.message}\nThe service goes on. Log: ${log}\n`);
  }
  const requestFile = !own && first ? writeRequest(port, first) : undefined;
  console.log(greeting({ port, key: Boolean(options.key), requestFile, log, proxied: proxyVariables().length > 0 }));
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
  const reserved = await reservePort(port);
  if (reserved === undefined) {
    claimed.release();
    throw new UserError(
      `Port ${port} is being taken by a start in another folder, or its UDP port by another program.\n${another}`,
    );
  }
  return claimed;
}
