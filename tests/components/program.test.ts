import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyProgram, program } from "../../components/program.ts";

/** Runs index.ts under Pulumi's mocks, with the configuration of the worked example of that name. */
const preview = `
  import * as pulumi from "@pulumi/pulumi";
  pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
    call: ({ inputs }) => inputs,
  }, "deepseek-ocr", "test", true);
  pulumi.runtime.setAllConfig({
    "deepseek-ocr:location": "test", "deepseek-ocr:engine": "null", "deepseek-ocr:exposure": "none",
    "deepseek-ocr:images": '{"ray":"image"}', "deepseek-ocr:pdfLibraries": '{"install":"required"}', "deepseek-ocr:worker": '{"gpus":0}',
  });
  const { modelId } = await import("./index.ts");
  console.log(await new Promise((resolve) => modelId.apply(resolve)));
`;

describe("the program", function () {
  this.timeout(120_000); // a Node of its own, on a machine that may be busy
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "ocr-program-"));
    await copyProgram(process.cwd(), folder);
    await symlink(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
  });
  after(() => rm(folder, { recursive: true }));

  it("runs from its own files alone", () => {
    const args = ["--import", "./components/tsx.mjs", "--input-type=module", "--eval", preview];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    assert.equal(stdout.trim().split("\n").at(-1), "deepseek-ocr", stderr);
  });

  it("is what the npm package holds", async () => {
    const { files } = JSON.parse(await readFile("package.json", "utf8"));
    const wanted = program.filter((part) => !/^package(-lock)?\.json$/.test(part)); // npm adds package.json itself
    assert.deepEqual(files, [...wanted, "!**/__pycache__"]);
  });
});
