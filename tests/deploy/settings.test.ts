import { deepEqual, equal, rejects, throws } from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSettings, readSettings } from "../../deploy/settings.ts";

describe("deploy.yaml", () => {
  it("has defaults for everything", () => {
    const { golden, gate, clients, parallel, state, stacks } = parseSettings("");
    deepEqual(
      { golden, gate, clients, parallel, state, stacks },
      {
        golden: ["deploy/golden"],
        gate: { allowedDrop: 0.02, minimum: 0.8 },
        clients: 2,
        parallel: 4,
        state: ".deployments",
        stacks: {},
      },
    );
  });

  it("keeps the other defaults of a section that is half given", () => {
    deepEqual(parseSettings("gate: { minimum: 0.9 }").gate, { allowedDrop: 0.02, minimum: 0.9 });
    equal(parseSettings("stacks: { prod: { gpuPricePerHour: 2.5 } }").stacks.prod?.currency, "USD");
  });

  it("tells every problem, with its path", () => {
    throws(
      () => parseSettings("gate: { allowedDrop: 2 }\nparalel: 3\nclients: many"),
      (error: Error) => {
        for (const part of ["gate.allowedDrop", "paralel", "clients"]) equal(error.message.includes(part), true, part);
        return true;
      },
    );
    throws(() => parseSettings("a: [b"), /not valid YAML/);
  });

  it("is not mistaken for missing while it has its old name", async () => {
    const folder = await mkdtemp(join(tmpdir(), "settings-"));
    await writeFile(join(folder, "automation.yaml"), "parallel: 2\n");
    await rejects(readSettings(folder), /Rename it to deploy\.yaml/);
    await writeFile(join(folder, "deploy.yaml"), "parallel: 3\n");
    equal((await readSettings(folder)).parallel, 3);
    await rm(folder, { recursive: true });
  });

  it("counts paths from its own folder, and needs no file", async () => {
    const { golden, state } = await readSettings("/nowhere");
    deepEqual([golden, state], [["/nowhere/deploy/golden"], "/nowhere/.deployments"]);
  });
});
