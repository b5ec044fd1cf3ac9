import { deepEqual, ok } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { versions } from "../../../components/config/versions.ts";
import { root } from "../../../tools/bootstrap/paths.mjs";

describe("locked Python packages", () => {
  const read = (name: string) => readFileSync(join(root, "serve-app/requirements", `${name}.lock`), "utf8");
  const pins = (name: string) =>
    read(name)
      .split("\n")
      .filter((line) => /^[\w.-]+==/.test(line));

  it("are the same for running and for testing, so that one environment serves both", () => {
    const dev = new Set(pins("dev"));
    deepEqual(
      pins("cpu").filter((pin) => !dev.has(pin)),
      [],
    );
  });

  it("are the same where the head installs those that read PDFs", () => {
    const cpu = new Set(pins("cpu"));
    deepEqual(
      pins("pdf").filter((pin) => !cpu.has(pin)),
      [],
    );
  });

  it("carry hashes", () => ok(pins("cpu").every((pin) => pin.endsWith("\\"))));

  it("hold Ray in the version of the cluster", () =>
    ok(pins("cpu").some((pin) => pin.startsWith(`ray==${versions.ray} `))));
});
