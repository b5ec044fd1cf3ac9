import { deepEqual, equal, notEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  dropCandidate,
  keepCheckpoint,
  listCheckpoints,
  restore,
  takeCheckpoint,
} from "../../../deploy/state/checkpoint.ts";
import { appendHistory, lastGoodScore, readHistory, runningCheckpoint } from "../../../deploy/state/history.ts";

describe("checkpoints", () => {
  let folder: string;
  let state: string;
  const write = async (path: string, text: string) => {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "checkpoint-"));
    state = join(folder, ".deployments");
    await write("index.ts", "program");
    await write("serve-app/ocr_app/app.py", "app");
    await write("Pulumi.yaml", "project");
    await write("Pulumi.dev.yaml", "dev: 1");
    await write("Pulumi.prod.yaml", "prod: 1");
    await write("tests/x.test.ts", "test");
    await write("serve-app/tests/test_x.py", "test");
    await write("CHANGELOG.md", "changes");
    await write("new-room/file.ts", "no part of the program");
    await write("components/main.ts", "components");
    await write("components/.cache/x", "cache");
    await write("serve-app/ocr_app/__pycache__/app.pyc", "cache");
    await write(".env", "secret");
    await write("package-lock.json", "{}");
    await write("node_modules/thing/index.js", "thing");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("are only those that are whole", async () => {
    const kept = await keepCheckpoint(await takeCheckpoint(state, "dev", folder), 3);
    await mkdir(join(kept.folder, "..", "20260101T000000Z"));
    deepEqual(await listCheckpoints(state, "dev"), [kept]);
  });

  it("hold the program and the stack's own file, and bring both back", async () => {
    const kept = await keepCheckpoint(await takeCheckpoint(state, "dev", folder), 3);
    const files = (await readdir(join(kept.folder, "program"), { recursive: true })).sort();
    deepEqual(files, [
      "Pulumi.yaml",
      "components",
      "components/main.ts",
      "index.ts",
      "package-lock.json",
      "serve-app",
      "serve-app/ocr_app",
      "serve-app/ocr_app/app.py",
    ]);
    await write("serve-app/ocr_app/app.py", "broken");
    const { workDir, dispose } = await restore(kept, "dev", folder);
    equal(await readFile(join(workDir, "serve-app/ocr_app/app.py"), "utf8"), "app");
    equal(await readFile(join(workDir, "Pulumi.dev.yaml"), "utf8"), "dev: 1");
    equal(await readFile(join(workDir, "node_modules/thing/index.js"), "utf8"), "thing");
    await dispose();
    equal(existsSync(workDir), false);
    equal(existsSync(join(folder, "node_modules/thing/index.js")), true, "node_modules is linked, not removed");
  });

  it("are equal where what went in is equal", async () => {
    const take = async () => {
      const candidate = await takeCheckpoint(state, "dev", folder);
      await dropCandidate(candidate);
      return candidate.content;
    };
    const one = await take();
    equal(await take(), one);
    await write("tests/x.test.ts", "another test");
    await write("CHANGELOG.md", "more changes");
    equal(await take(), one);
    await write("Pulumi.dev.yaml", "dev: 2");
    notEqual(await take(), one);
  });

  it("stay until newer ones have proved themselves, and only as many as asked for", async () => {
    const dropped = await takeCheckpoint(state, "dev", folder);
    deepEqual(await listCheckpoints(state, "dev"), []);
    await dropCandidate(dropped);
    for (const id of ["1", "2", "3"]) {
      const candidate = await takeCheckpoint(state, "dev", folder);
      const renamed = candidate.folder.replace(candidate.id, id);
      await rm(renamed, { recursive: true, force: true });
      await (await import("node:fs/promises")).rename(candidate.folder, renamed);
      await keepCheckpoint({ ...candidate, id, folder: renamed }, 2);
    }
    deepEqual(
      (await listCheckpoints(state, "dev")).map(({ id }) => id),
      ["2", "3"],
    );
  });

  it("can be taken while the state folder is reached by another name", async () => {
    const link = `${folder}-link`;
    await symlink(folder, link);
    const candidate = await takeCheckpoint(join(folder, "state"), "dev", folder);
    equal(existsSync(join(candidate.folder, "program/state")), false);
    await rm(link);
  });
});

describe("history", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "history-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is read back in order, without a line that was cut off", async () => {
    await appendHistory(folder, "org/project/dev", { time: "1", kind: "up", outcome: "good" });
    await writeFile(join(folder, "org.project.dev/history.jsonl"), '{"time":"2","ki', { flag: "a" });
    deepEqual(await readHistory(folder, "org/project/dev"), [{ time: "1", kind: "up", outcome: "good" }]);
    deepEqual(await readHistory(folder, "none"), []);
  });

  it("knows the last good score and what runs", () => {
    const score = (accuracy: number) => ({ accuracy, pages: [] });
    const up = { time: "1", kind: "up" as const, outcome: "good" as const, checkpoint: "c1", score: score(1) };
    const bad = { time: "2", kind: "up" as const, outcome: "failed" as const, score: score(0.5) };
    const smoke = { time: "3", kind: "smoke" as const, outcome: "good" as const };
    const back = { time: "4", kind: "rollback" as const, outcome: "good" as const, checkpoint: "c1" };
    equal(lastGoodScore([up, bad, smoke])?.accuracy, 1);
    equal(runningCheckpoint([up, smoke]), "c1");
    equal(runningCheckpoint([up, bad, smoke]), undefined);
    equal(runningCheckpoint([up, bad, back, smoke]), "c1");
  });
});
