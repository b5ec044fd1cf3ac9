import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { DeployTime } from "../../components/deployTime.ts";
import { type Connection, KubeError } from "../../components/kube/client.ts";
import { record } from "../../tools/render/record.ts";
import { runAgainst } from "./duringUp.ts";
import { fakeApi } from "./kube/fakeApi.ts";

const component = () => new pulumi.ComponentResource("test:index:Part", "part");
const unreachable = async (): Promise<string> => {
  throw new KubeError(0, "cannot reach the cluster");
};

describe("components/deployTime", () => {
  it("asks the cluster in previews too", async () => {
    for (const mode of ["preview", "up"] as const) {
      const run = (deployTime: DeployTime) =>
        deployTime.query(component(), "fallback", async (api) => await api.text("/version"));
      assert.equal((await runAgainst(fakeApi({ "/version": "1.34" }), run, { mode })).result, "1.34");
    }
  });

  it("goes on with the fallback where a preview cannot ask", async () => {
    const { result } = await runAgainst(fakeApi({}), (it) => it.query(component(), "fallback", unreachable), {
      mode: "preview",
    });
    assert.equal(result, "fallback");
  });

  it("ends an up that cannot ask, with an error that Pulumi shows below the resource", async () => {
    const { error } = await runAgainst(fakeApi({}), (it) => it.query(component(), "fallback", unreachable));
    assert.ok(pulumi.ResourceError.isInstance(error));
    assert.match(error.message, /cannot reach the cluster/);
  });

  it("changes the cluster in an up only, with what the step waited for", async () => {
    const calls: string[] = [];
    const run = (deployTime: DeployTime) =>
      deployTime.duringUp(component(), pulumi.output("release-1"), "fallback", async (_api, after) => {
        calls.push(after);
        return "done";
      });
    assert.equal((await runAgainst(fakeApi({}), run, { mode: "preview" })).result, "fallback");
    assert.deepEqual(calls, []);
    assert.equal((await runAgainst(fakeApi({}), run)).result, "done");
    assert.deepEqual(calls, ["release-1"]);
  });

  it("connects once, to the cluster of the settings, and only when a step needs it", async () => {
    const seen: Connection[] = [];
    const connection = pulumi.secret({ kubeconfigContent: "apiVersion: v1", context: "hel1" });
    const connect = async (to: Connection) => {
      seen.push(to);
      return fakeApi({});
    };
    await record(() => new DeployTime({ mode: "up", connection, connect }));
    assert.deepEqual(seen, []);
    await record(() => {
      const deployTime = new DeployTime({ mode: "up", connection, connect });
      const part = component();
      for (const _ of [1, 2]) deployTime.query(part, "", async () => "");
    });
    assert.deepEqual(seen, [{ kubeconfigContent: "apiVersion: v1", context: "hel1" }]);
  });

  it("keeps what the cluster says out of the secrets, though the kubeconfig is one", async () => {
    let answer: pulumi.Output<string> | undefined;
    await record(() => {
      const connection = pulumi.secret({ kubeconfigContent: "x" });
      const deployTime = new DeployTime({ mode: "up", connection, connect: async () => fakeApi({}) });
      answer = deployTime.query(component(), "", async () => "1.34");
    });
    assert.equal(await pulumi.isSecret(answer as pulumi.Output<string>), false);
  });

  it("reaches no cluster without Pulumi's engine", async () => {
    let answer: pulumi.Output<string> | undefined;
    await record(() => {
      const deployTime = DeployTime.ofRun({ cluster: { context: "none" } }, {});
      answer = deployTime.query(component(), "fallback", unreachable);
    });
    assert.equal(await new Promise((resolve) => answer?.apply(resolve)), "fallback");
  });
});
