import { deepEqual, equal, match } from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Location } from "../../deploy/location.ts";
import { main } from "../../deploy/main.ts";
import type { RunReport, StackReport } from "../../deploy/report/types.ts";
import { FakeService } from "./smoke/fakeService.ts";

const root = resolve(import.meta.dirname, "../..");
const KEY = "the-key-of-this-service";
const GOOD = "Harbour Library, 418 pages, 7,500 euros.";

const location: Location = {
  namespace: "ai",
  connection: { kubeconfig: "/nowhere" },
  engine: "cpu",
  gpusPerReplica: 1,
  gpus: { most: 2, least: 0 },
  pageTimeoutSeconds: 20,
  sleepTimeoutSeconds: 5,
};

/** A repository with two locations of the tiny program, its state in a file, and the service that it "deploys". */
class Repository {
  private constructor(
    readonly folder: string,
    readonly service: FakeService,
  ) {}

  static async make(): Promise<Repository> {
    const folder = await mkdtemp(join(tmpdir(), "ocr-story-"));
    await cp(join(root, "tests/deploy/program"), folder, { recursive: true });
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
    await mkdir(join(folder, "deploy/golden"), { recursive: true });
    await mkdir(join(folder, "state"));
    await writeFile(join(folder, "deploy/golden/page.png"), "image");
    await writeFile(join(folder, "deploy/golden/page.md"), GOOD);
    await writeFile(join(folder, "deploy/golden/page.facts.jsonl"), '{"type":"present","text":"418 pages"}\n');
    await writeFile(join(folder, "deploy.yaml"), "stacks: { one: { gpuPricePerHour: 2 } }\n");
    const served = join(folder, "served.txt");
    const service = await FakeService.start({ key: KEY });
    Object.defineProperty(service.behaviour, "text", {
      get: () => (existsSync(served) ? readFileSync(served, "utf8") : ""),
    });
    const repository = new Repository(folder, service);
    for (const stack of ["one", "two"]) {
      await repository.pulumi("stack", "init", stack);
      await repository.pulumi("config", "set", "--secret", "apiKey", KEY, "-s", stack);
      await repository.configure(stack, {
        endpoint: service.url,
        file: stack === "one" ? served : join(folder, "two.txt"),
        text: GOOD,
      });
    }
    return repository;
  }

  async pulumi(...words: string[]): Promise<string> {
    return (await promisify(execFile)("pulumi", words, { cwd: this.folder, env: this.environment })).stdout;
  }

  get environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${this.folder}/state`,
      PULUMI_CONFIG_PASSPHRASE: "passphrase-of-story",
    };
  }

  async configure(stack: string, values: Readonly<Record<string, string>>): Promise<void> {
    for (const [key, value] of Object.entries(values))
      await this.pulumi("config", "set", "-s", stack, key, "--", value);
  }

  /** Runs one command line with --json. */
  async deploy(
    line: string,
    over: NodeJS.ProcessEnv = {},
  ): Promise<{ code: number; run: RunReport; progress: string }> {
    const before = { ...process.env };
    Object.assign(process.env, this.environment, over);
    let [printed, progress] = ["", ""];
    try {
      const code = await main([...line.split(" "), "--json", "--no-policy"], {
        workDir: this.folder,
        environment: this.environment,
        print: (text) => {
          printed += text;
        },
        progress: (text) => {
          progress += text;
        },
        readLocation: () => location,
      });
      for (const secret of [KEY, "passphrase-of-story"])
        equal((printed + progress).includes(secret), false, `${line}: a secret was shown`);
      return { code, run: JSON.parse(printed), progress };
    } finally {
      for (const name of ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"]) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
  }

  async remove(): Promise<void> {
    await this.service.stop();
    await rm(this.folder, { recursive: true });
  }
}

const first = ({ run }: { run: RunReport }): StackReport => run.stacks[0] ?? { stack: "" };

describe("deploys with the real Pulumi CLI", function () {
  this.timeout(300_000);
  let repository: Repository;

  before(async function () {
    try {
      execFileSync("pulumi", ["version"], { stdio: "ignore" });
    } catch {
      console.log("    skipped: there is no `pulumi` on PATH");
      return this.skip();
    }
    repository = await Repository.make();
  });
  after(async () => repository?.remove());

  it("previews without touching anything", async () => {
    const told = await repository.deploy("preview --stack one");
    equal(told.code, 0, told.progress);
    deepEqual(
      first(told).changes?.map(({ op, name, result }) => [op, name, result]),
      [["create", "service", "planned"]],
    );
    equal(existsSync(join(repository.folder, "served.txt")), false);
  });

  it("deploys, proves it, and keeps a checkpoint", async () => {
    const told = await repository.deploy("up --stack one");
    const report = first(told);
    equal(told.code, 0, JSON.stringify(report));
    equal(report.smoke?.passed, true);
    equal(report.score?.accuracy, 1);
    equal(report.outputs?.apiKey, undefined);
    equal((report.cost?.perMillionPages ?? 0) > 0, true);
    equal(report.history?.at(-1)?.outcome, "good");
  });

  it("rolls back what cannot read pages, and the service reads again", async () => {
    await repository.configure("one", { text: "nothing of the kind" });
    const told = await repository.deploy("up --stack one");
    const report = first(told);
    equal(told.code, 5, JSON.stringify(report.problem));
    equal(report.problem?.kind, "rolled-back");
    match(report.problem?.what ?? "", /wrong characters/);
    equal(report.rollback?.result, "restored");
    equal(readFileSync(join(repository.folder, "served.txt"), "utf8"), GOOD);
    deepEqual(
      report.history?.slice(-2).map(({ kind, outcome }) => [kind, outcome]),
      [
        ["up", "good"],
        ["up", "failed"],
      ],
    );
  });

  it("rolls back a small drop of the score too, and a deploy that fails half-way", async () => {
    await repository.configure("one", { text: GOOD.replace("418", "4l8") });
    const gate = first(await repository.deploy("up --stack one"));
    match(gate.problem?.what ?? "", /^gate: The character accuracy fell from 100\.0 % to 97\.5 %/);
    equal(gate.rollback?.result, "restored");

    await repository.configure("one", { text: `${GOOD} `, fail: "the image cannot be pulled" });
    const failed = first(await repository.deploy("up --stack one"));
    match(failed.problem?.what ?? "", /the image cannot be pulled/);
    equal(failed.rollback?.result, "restored", JSON.stringify(failed));
    equal(readFileSync(join(repository.folder, "served.txt"), "utf8"), GOOD);
  });

  it("stops for another update, and goes on when told that it is dead", async () => {
    const locks = join(repository.folder, "state/.pulumi/locks/organization/tiny/one");
    await mkdir(locks, { recursive: true });
    await writeFile(
      join(locks, "dead.json"),
      '{"pid":1,"username":"ci","hostname":"runner","timestamp":"2026-11-23T20:23:18Z"}',
    );
    await repository.configure("one", { text: GOOD, fail: "" });
    const told = await repository.deploy("up --stack one --no-smoke");
    equal(told.code, 7);
    match(first(told).problem?.what ?? "", /created by ci@runner/);
    equal((await repository.deploy("up --stack one --no-smoke --unlock")).code, 0);
  });

  it("says what a wrong passphrase is, and what to do", async () => {
    const told = await repository.deploy("up --stack one", { PULUMI_CONFIG_PASSPHRASE: "not-this-one" });
    equal(told.code, 8);
    equal(first(told).problem?.kind, "passphrase");
  });

  it("goes on after Ctrl-C in the middle", async () => {
    await repository.configure("two", { seconds: "15" });
    const begun = join(repository.folder, "two.txt.begun");
    const running = repository.deploy("up --stack two --no-smoke");
    while (!existsSync(begun)) await new Promise((wait) => setTimeout(wait, 100));
    process.emit("SIGINT");
    const told = await running;
    equal(told.code, 130, JSON.stringify(told.run));
    match(told.progress, /Interrupted: finishing what is running/);
    await repository.configure("two", { seconds: "0" });
    const again = await repository.deploy("up --stack two --no-smoke");
    equal(again.code, 0, JSON.stringify(again.run));
  });

  it("works on several locations at once, and one that fails does not stop the others", async () => {
    const told = await repository.deploy("preview --stack one,missing,two");
    equal(told.code, 2);
    deepEqual(
      told.run.stacks.map(({ stack, problem }) => [stack, problem?.kind]),
      [
        ["one", undefined],
        ["missing", "unknown-stack"],
        ["two", undefined],
      ],
    );
    match(told.progress, /^one +│ /m);
    match(told.progress, /^two +│ /m);
  });

  it("shows all locations in one table", async () => {
    const told = await repository.deploy("status");
    const one = told.run.stacks.find(({ stack }) => stack === "one");
    equal(told.code, 0);
    match(one?.status?.lastSmoke ?? "", /^passed 20/);
    equal(one?.status?.lastScore, "100.0 % characters, 100.0 % facts");
    equal(one?.status?.checkpoints.length, 1);
  });

  it("promotes what was found good, and shows how the configurations differ", async () => {
    const refused = await repository.deploy("promote --stack two --to one");
    equal(refused.code, 4);
    match(first(refused).problem?.what ?? "", /What runs at two was not found good: its last deploy was "unchecked"/);
    const [id] = first(await repository.deploy("status --stack one")).status?.checkpoints ?? [];
    equal((await repository.deploy(`rollback --stack one --checkpoint ${id}`)).code, 0);
    await repository.configure("two", { text: `${GOOD} ` });
    const told = await repository.deploy("promote --stack one --to two");
    equal(told.code, 0, JSON.stringify(told.run));
    const notes = first(told).notes?.join("\n") ?? "";
    match(notes, new RegExp(`Promoting checkpoint ${id} of one`));
    match(notes, /config tiny:file: ".*served\.txt" at one, ".*two\.txt" at two/);
    equal(readFileSync(join(repository.folder, "two.txt"), "utf8"), `${GOOD} `);
  });

  it("goes back to a checkpoint by hand", async () => {
    const [id] = first(await repository.deploy("status --stack one")).status?.checkpoints ?? [];
    const told = await repository.deploy(`rollback --stack one --checkpoint ${id}`);
    equal(told.code, 0, JSON.stringify(told.run));
    equal(first(told).rollback?.checkpoint, id);
    equal((await repository.deploy("rollback --stack one --checkpoint 19990101T000000Z")).code, 2);
  });

  it("finds nothing to complain of where nothing drifted, and destroys", async () => {
    equal((await repository.deploy("drift --stack one")).code, 0);
    equal((await repository.deploy("destroy --stack one --yes")).code, 0);
    match(await readFile(join(repository.folder, ".deployments/one/history.jsonl"), "utf8"), /"kind":"rollback"/);
  });
});
