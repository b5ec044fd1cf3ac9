import assert from "node:assert/strict";
import fc from "fast-check";
import { compareVersions, crdsOf, upgradeCrds } from "../../../components/kube/crds.ts";
import { cluster, crdText, INSTALLED } from "./crdsCluster.ts";

const release = { name: "kuberay-operator", namespace: "kuberay-system" };

const patches = (calls: readonly string[], manager: string) =>
  calls.filter((call) => call.startsWith("PATCH") && call.includes(`fieldManager=${manager}`)).length;

describe("kube/crds", () => {
  it("reads three pieces of metadata and does nothing while the version is the chart's", async () => {
    const api = cluster({ version: "1.7.0", created: INSTALLED }, 1);
    assert.equal((await upgradeCrds(api, release, "1.7.0")).action, "unchanged");
    assert.equal(api.calls.length, 3);
  });

  it("marks what Helm has just installed, without sending it again", async () => {
    const api = cluster({ created: INSTALLED }, 1);
    assert.equal((await upgradeCrds(api, release, "1.7.0")).action, "adopted");
    assert.equal(patches(api.calls, "deepseek-ocr-crds&"), 0);
    assert.equal(patches(api.calls, "deepseek-ocr-crds-version"), 3);
  });

  const older: [string, { version?: string; created: string }, number][] = [
    ["CRDs of an older chart", { version: "1.6.2", created: INSTALLED }, 2],
    ["CRDs that an earlier installation left", { created: "2025-01-01T00:00:00Z" }, 1],
  ];
  for (const [what, crds, revision] of older) {
    it(`upgrades ${what}`, async () => {
      const api = cluster(crds, revision);
      const { action, message } = await upgradeCrds(api, release, "1.7.0");
      assert.equal(action, "upgraded");
      assert.match(message, /brought to chart 1\.7\.0: rayclusters\.ray\.io, rayjobs\.ray\.io, rayservices\.ray\.io/);
      assert.equal(patches(api.calls, "deepseek-ocr-crds&"), 3);
      assert.equal(patches(api.calls, "deepseek-ocr-crds-version"), 3);
    });
  }

  it("leaves CRDs of a newer chart alone, for the operator that brought them", async () => {
    const api = cluster({ version: "1.8.0", created: INSTALLED }, 1);
    const { action, message } = await upgradeCrds(api, release, "1.7.0");
    assert.equal(action, "newer");
    assert.match(message, /from chart 1\.8\.0, newer than 1\.7\.0/);
    assert.equal(api.calls.filter((call) => call.startsWith("PATCH")).length, 0);
  });

  it("finds several CRDs in one file and nothing elsewhere", () => {
    const data = Buffer.from(`${crdText("a.ray.io")}---\n${crdText("b.ray.io")}`).toString("base64");
    const files = [
      { name: "crds/all.yaml", data },
      { name: "files/crds.yaml", data },
    ];
    const chart = { metadata: { version: "1" }, files };
    const found = crdsOf({ version: 1, info: { first_deployed: INSTALLED }, chart });
    assert.deepEqual(
      found.map(({ name }) => name),
      ["a.ray.io", "b.ray.io"],
    );
  });

  it("orders versions", () => {
    const version = fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30));
    fc.assert(
      fc.property(version, version, (a, b) => {
        const difference = a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
        assert.equal(Math.sign(compareVersions(a.join("."), `v${b.join(".")}`)), Math.sign(difference));
      }),
    );
    assert.ok(compareVersions("1.7.0-rc.1", "1.7.0") < 0);
    assert.equal(compareVersions("1.7.0+build", "v1.7.0"), 0);
    assert.ok(compareVersions("v1.7.0-rc.10", "1.7.0-rc.2") > 0);
    assert.ok(compareVersions("1.7", "1.7.1") < 0);
    assert.ok(compareVersions("main", "0.0.1") < 0);
  });
});
