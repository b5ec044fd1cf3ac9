import { equal } from "node:assert/strict";
import { missingPackage } from "../../../tools/bootstrap/nodePackages.mjs";

describe("node packages", () => {
  const wanted = {
    packages: {
      "": { version: "1.0.0" },
      "node_modules/a": { version: "1.0.0" },
      "node_modules/b": { version: "2.0.0" },
      "node_modules/only-on-mac": { version: "1.0.0", optional: true },
      "node_modules/only-for-tests": { version: "3.0.0", dev: true },
    },
  };
  const a = { version: "1.0.0" };
  const b = { version: "2.0.0" };
  const test = { version: "3.0.0" };

  it("are complete without those for other systems", () => {
    const packages = { "node_modules/a": a, "node_modules/b": b, "node_modules/only-for-tests": test };
    equal(missingPackage(wanted, { packages }), undefined);
  });

  it("are complete without those for development only where these are not needed", () => {
    const packages = { "node_modules/a": a, "node_modules/b": b };
    equal(missingPackage(wanted, { packages }), "node_modules/only-for-tests");
    equal(missingPackage(wanted, { packages }, { dev: false }), undefined);
  });

  it("are missing where nothing was recorded, as after an installation that was cut short", () =>
    equal(missingPackage(wanted, undefined), "node_modules/a"));

  it("are stale where a version differs", () =>
    equal(
      missingPackage(wanted, { packages: { "node_modules/a": a, "node_modules/b": { version: "1.9.9" } } }),
      "node_modules/b",
    ));
});
