import assert from "node:assert/strict";
import type { RayServiceObject } from "../../../components/kube/objects.ts";
import { isNewest, progress } from "../../../components/kube/progress.ts";
import type { ServeApplication } from "../../../components/kube/serveStatus.ts";
import { contains } from "../../../components/kube/serveStatus.ts";

const config = (limit: number) => ({ name: "ocr", import_path: "app:build", args: { limit } });

function service(
  changes: { generation?: number; upgrading?: boolean; ready?: boolean; status?: string } = {},
): RayServiceObject {
  const { generation = 2, upgrading = false, ready = true, status = "RUNNING" } = changes;
  return {
    metadata: { name: "ocr", generation },
    spec: { serveConfigV2: JSON.stringify({ applications: [config(2)] }) },
    status: {
      observedGeneration: 2,
      conditions: [
        { type: "Ready", status: ready ? "True" : "False" },
        { type: "UpgradeInProgress", status: upgrading ? "True" : "False" },
      ],
      activeServiceStatus: { rayClusterName: "ocr-old", applicationStatuses: { ocr: { status } } },
      pendingServiceStatus: upgrading ? { rayClusterName: "ocr-new" } : {},
    },
  };
}

const serve = (limit: number, status = "RUNNING"): Record<string, ServeApplication> => ({
  ocr: { status, deployedConfig: { ...config(limit), route_prefix: "/" } },
});

describe("kube/progress", () => {
  it("is done when Serve runs the newest configuration", () => {
    assert.deepEqual(progress(service(), serve(2)), { done: true });
  });

  const waits: [string, RayServiceObject, Record<string, ServeApplication> | undefined, RegExp][] = [
    ["a generation that KubeRay has not seen", service({ generation: 3 }), serve(2), /take up the change/],
    ["a second cluster, although the first is ready", service({ upgrading: true }), serve(2), /ocr-new to take over/],
    ["a cluster that is not ready", service({ ready: false }), undefined, /to become ready/],
    [
      "Serve, when KubeRay still says RUNNING for the older configuration",
      service(),
      serve(1),
      /take up the configuration/,
    ],
    ["an application that deploys", service(), serve(2, "DEPLOYING"), /DEPLOYING/],
    ["an application that KubeRay does not know yet", service({ status: "DEPLOYING" }), undefined, /DEPLOYING/],
  ];
  for (const [what, object, answer, expected] of waits) {
    it(`waits for ${what}`, () => {
      const where = progress(object, answer);
      assert.ok(!where.done && where.settling === undefined);
      assert.match(where.waitingFor, expected);
    });
  }

  it("lets KubeRay's word settle where Serve cannot be asked", () => {
    const where = progress(service(), undefined);
    assert.ok(!where.done && where.settling);
  });

  it("waits for an old object to go", () => {
    const dying = service();
    const where = progress(
      { ...dying, metadata: { ...dying.metadata, deletionTimestamp: "2026-11-23T20:00:00Z" } },
      serve(2),
    );
    assert.ok(!where.done);
  });

  it("knows which configuration Serve is at", () => {
    assert.equal(isNewest(service(), serve(2)), true);
    assert.equal(isNewest(service(), serve(1)), false);
    assert.equal(isNewest(service(), {}), false);
  });

  it("compares what is wanted, not what Serve added", () => {
    assert.ok(contains({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ c: 2 }] }));
    assert.ok(!contains({ b: [{ c: 2 }, {}] }, { b: [{ c: 2 }] }));
    assert.ok(!contains(undefined, { a: 1 }));
    assert.ok(!contains({ a: null }, { a: {} }));
  });
});
