import { EventEmitter } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import type { EngineEvent, PulumiCommand, Stack } from "@pulumi/pulumi/automation/index.js";
import { parse, stringify } from "yaml";
import { type Arguments, parseArguments } from "../../../deploy/args.ts";
import { Interrupt } from "../../../deploy/interrupt.ts";
import { Masker } from "../../../deploy/masking.ts";
import { carryOut } from "../../../deploy/operations/index.ts";
import type { StackReport } from "../../../deploy/report/types.ts";
import { parseSettings } from "../../../deploy/settings.ts";
import { readPast } from "../../../deploy/state/past.ts";
import { FakeService } from "../smoke/fakeService.ts";

export const GOOD = "Harbour Library, 418 pages, 7,500 euros.";
/** Checkpoints by the run that took them: time stands still during a run, and a minute passes after it. */
export const [FIRST, SECOND, THIRD] = ["20260101T000000Z", "20260101T000100Z", "20260101T000200Z"];
const KEY = "the-key-of-this-service";
const page = { name: "page", hash: "h", image: Buffer.from("image"), mediaType: "image/png", text: GOOD, facts: [] };

/** What a stack file of these tests says. */
export interface Description {
  /** What the service reads every page as. */
  readonly text: string;
  readonly image?: string;
  /** Image in the state, if an update leaves another one there. */
  readonly imageInState?: string;
  /** A mandatory rule that it violates. */
  readonly violates?: string;
  /** The engine's error, in a preview or before the first step of an update or after it. */
  readonly fails?: { readonly preview?: string; readonly early?: string; readonly late?: string };
}

/** Locations without Pulumi and without a cluster: stack files, stacks that note what is called, and one service. */
export class FakeLocations {
  readonly calls: string[] = [];
  readonly deployed = new Map<string, Description>();
  /** Creations that an earlier run left unfinished. */
  pending: object[] = [];
  /** Called at each operation, at "outputs" and at "page". What it throws at the first two is the engine's error. */
  during: (what: string) => void = () => undefined;
  readonly #signals = new EventEmitter();
  private constructor(
    readonly folder: string,
    readonly service: FakeService,
  ) {}

  static async make(): Promise<FakeLocations> {
    mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-01-01T00:00:00Z") });
    const service = await FakeService.start({ key: KEY });
    const made = new FakeLocations(await mkdtemp(join(tmpdir(), "operations-")), service);
    await writeFile(join(made.folder, "index.ts"), "the program");
    return made;
  }

  async dispose(): Promise<void> {
    mock.timers.reset();
    await this.service.stop();
    await rm(this.folder, { recursive: true });
  }

  describe(stack: string, description: Description): Promise<void> {
    return writeFile(join(this.folder, `Pulumi.${stack}.yaml`), stringify({ config: description }));
  }

  /** Describes and deploys a good location. */
  async deployGood(stack = "one", description: Partial<Description> = {}): Promise<void> {
    await this.describe(stack, { text: GOOD, ...description });
    const { problem } = await this.run(`up --stack ${stack}`);
    if (problem) throw new Error(problem.what);
  }

  pressCtrlC(): void {
    this.#signals.emit("SIGINT");
  }

  /**
   * Runs one command line.
   *
   * @returns its report, the operations that it called and then the records that it left as `KIND OUTCOME CHECKPOINT`,
   *   and every checkpoint.
   */
  async run(line: string): Promise<StackReport & { story: string[]; checkpoints: string[] }> {
    const args = parseArguments(line.split(" ")) as Arguments;
    const [first = ""] = args.stacks;
    const [stack, state] = [args.to ?? first, join(this.folder, "state")];
    const before = (await readPast(state, stack)).history.length;
    this.calls.length = 0;
    const interrupt = new Interrupt(() => undefined, this.#signals);
    const run = {
      args,
      settings: { ...parseSettings(""), state },
      command: { run: async (words: string[]) => this.calls.push(words.join(" ")) } as unknown as PulumiCommand,
      workDir: this.folder,
      interrupt,
      masker: new Masker(),
      openStack: async (name: string, { workDir }: { workDir: string }) =>
        new FakeStack(this, name, workDir) as unknown as Stack,
      readLocation: () => ({
        namespace: "ai",
        connection: { kubeconfig: "/nowhere" },
        engine: "cpu",
        gpusPerReplica: 0,
        gpus: { most: 0, least: 0 },
        pageTimeoutSeconds: 5,
        sleepTimeoutSeconds: 5,
      }),
      golden: args.smoke ? { pages: [page], smoke: page } : undefined,
      say: () => undefined,
    };
    const report = await carryOut(run, first).finally(interrupt.dispose);
    mock.timers.setTime(Date.now() + 60_000);
    const { history, checkpoints } = await readPast(state, stack);
    const records = history.map(({ kind, outcome, checkpoint = "none" }) => `${kind} ${outcome} ${checkpoint}`);
    return {
      ...report,
      story: [...this.calls, ...records.slice(before)],
      checkpoints: checkpoints.map(({ id }) => id),
    };
  }

  /** The service reads pages as this from now on. */
  serve(text: string): void {
    const get = () => {
      this.during("page");
      return text;
    };
    Object.defineProperty(this.service.behaviour, "text", { get, configurable: true });
  }
}

type Options = Readonly<{ onEvent(event: EngineEvent): void; policyPacks?: readonly string[] }>;
const TYPE = "kubernetes:ray.io/v1:RayService";
const inputs = (image = "ray:1") => ({ spec: { containers: [{ name: "ray", image }] } });

/** An error as the SDK throws it. */
export const engineError = (message: string) => Object.assign(new Error(message), { commandResult: {} });

/** The methods of a Stack that the driver calls. */
class FakeStack {
  readonly workspace = { workDir: "", envVars: {} };
  constructor(
    readonly locations: FakeLocations,
    readonly name: string,
    readonly workDir: string,
  ) {}

  async preview(options: Options): Promise<void> {
    const { violates, fails, image } = await this.#begin("preview", options);
    const policyEvent = { policyName: "rule", message: violates, enforcementLevel: "mandatory" };
    if (violates) options.onEvent({ policyEvent } as EngineEvent);
    if (violates || fails?.preview) throw engineError(fails?.preview ?? "error: preview failed");
    options.onEvent(this.#event("resourcePreEvent", "create", image));
  }

  async up(options: Options): Promise<void> {
    const description = await this.#begin("up", options);
    const { text, fails, image } = description;
    if (fails?.early) throw engineError(fails.early);
    options.onEvent(this.#event("resourcePreEvent", "create", image));
    options.onEvent(this.#event(fails?.late ? "resOpFailedEvent" : "resOutputsEvent", "create", image));
    if (fails?.late) throw engineError(fails.late);
    this.locations.deployed.set(this.name, description);
    this.locations.serve(text);
  }

  async destroy(options: Options): Promise<void> {
    await this.#begin("destroy", options);
    options.onEvent(this.#event("resOutputsEvent", "delete"));
    this.locations.deployed.delete(this.name);
  }

  async previewRefresh(options: Options): Promise<void> {
    await this.#begin("drift", options);
    options.onEvent(this.#event("resOutputsEvent", "update"));
  }

  async cancel(): Promise<void> {
    this.locations.calls.push(`cancel ${this.name}`);
  }

  async getAllConfig(): Promise<object> {
    return {};
  }

  async outputs(): Promise<object> {
    this.locations.during("outputs");
    if (!this.locations.deployed.has(this.name)) return {};
    const plain = { endpoint: { value: this.locations.service.url }, modelId: { value: "deepseek-ocr" } };
    return { ...plain, apiKey: { value: KEY, secret: true } };
  }

  async exportStack(): Promise<object> {
    const known = this.locations.deployed.get(this.name);
    const resources = known ? [{ type: TYPE, inputs: inputs(known.imageInState ?? known.image) }] : [];
    return { deployment: { resources, pending_operations: this.locations.pending } };
  }

  async #begin(operation: string, { policyPacks = [] }: Options): Promise<Description> {
    this.locations.calls.push([operation, this.name, ...(policyPacks.length > 0 ? ["with policy"] : [])].join(" "));
    this.locations.during(operation);
    return parse(await readFile(join(this.workDir, `Pulumi.${this.name}.yaml`), "utf8")).config;
  }

  #event(event: keyof EngineEvent, op: string, image?: string): EngineEvent {
    const urn = `urn:pulumi:${this.name}::deepseek-ocr::${TYPE}::service`;
    const metadata = { op, urn, type: TYPE, new: { type: TYPE, urn, custom: true, inputs: inputs(image) } };
    return { timestamp: 0, [event]: { metadata } } as unknown as EngineEvent;
  }
}

/** Gives each test of a suite its own locations. */
export function freshLocations(prepare: (locations: FakeLocations) => unknown = () => undefined): () => FakeLocations {
  let locations: FakeLocations;
  beforeEach(async () => {
    locations = await FakeLocations.make();
    await prepare(locations);
  });
  afterEach(() => locations.dispose());
  return () => locations;
}
