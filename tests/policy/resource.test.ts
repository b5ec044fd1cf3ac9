import { deepEqual, equal, throws } from "node:assert/strict";
import { containers, knownProps, podSpecs, unknown } from "../../policy/resource.ts";
import { job, rayService, release } from "./resources.ts";

/** Like the proxy of @pulumi/policy: a value that is not known yet throws when it is read. */
function withUnknown<T extends object>(target: T, key: string, error: Error): T {
  return new Proxy(target, {
    get(object, property) {
      if (property === key) throw error;
      return Reflect.get(object, property);
    },
  });
}

describe("knownProps", () => {
  const notYet = Object.assign(new Error("string value at .data.key can't be known during preview"), {
    unknownTypeSentinel: "sentinel",
  });

  it("sets only the unknown value aside", () => {
    const data = withUnknown({ key: "", other: "seen" }, "key", notYet);
    deepEqual(knownProps({ data, list: [1, { a: true }] }), {
      data: { key: unknown, other: "seen" },
      list: [1, { a: true }],
    });
  });

  it("passes every other error on", () => {
    throws(() => knownProps(withUnknown({ key: "" }, "key", new Error("broken"))), /broken/);
  });
});

describe("podSpecs", () => {
  it("finds the pods of a RayService", () => {
    deepEqual(
      podSpecs(rayService()).map(({ path }) => path),
      ["spec.rayClusterConfig.headGroupSpec.template.spec", "spec.rayClusterConfig.workerGroupSpecs[0].template.spec"],
    );
  });

  it("finds the pod of a Job and names its container by path", () => {
    deepEqual(
      podSpecs(job({}))
        .flatMap(containers)
        .map(({ path, name }) => [path, name]),
      [["spec.template.spec.containers[0]", "prefetch"]],
    );
  });

  it("leaves the values of a chart alone", () => {
    equal(podSpecs(release({ values: { pod: { containers: [] } } })).length, 0);
  });
});
