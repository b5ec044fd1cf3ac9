import assert from "node:assert/strict";
import { checkedName, difference, settleExposure, type WantedService } from "../../../components/kube/exposure.ts";
import { type FakeApi, fakeApi, fakeClock } from "./fakeApi.ts";

const NAME = "hel1-ai-deepseek-ocr";
const PATH = `/api/v1/namespaces/ai/services/${NAME}`;
const LIST = "/api/v1/namespaces/ai/services";
const owner = [{ kind: "RayService", name: "deepseek-ocr", uid: "r" }];

const wanted: WantedService = {
  metadata: { name: NAME, annotations: { "tailscale.com/hostname": NAME, "tailscale.com/tags": "tag:k8s" } },
  spec: {
    type: "LoadBalancer",
    loadBalancerClass: "tailscale",
    ports: [{ name: "serve", port: 80, targetPort: 8000 }],
  },
};

const live = (
  published: string | undefined,
  changes: { annotations?: Record<string, string>; uid?: string; name?: string } = {},
) => ({
  metadata: {
    name: changes.name ?? NAME,
    uid: changes.uid ?? "1",
    ownerReferences: owner,
    annotations: { ...wanted.metadata.annotations, ...changes.annotations },
  },
  spec: { ...wanted.spec, ports: [{ name: "serve", port: 80, targetPort: 8000, nodePort: 31000, protocol: "TCP" }] },
  status: { loadBalancer: published === undefined ? {} : { ingress: [{ ip: "100.64.0.1" }, { hostname: published }] } },
});

const settle = (api: FakeApi, report: string[] = []) =>
  settleExposure(api, {
    namespace: "ai",
    owner: "deepseek-ocr",
    wanted,
    hostname: NAME,
    timeoutSeconds: 60,
    report: (line) => void report.push(line),
    clock: fakeClock(),
  });

describe("kube/exposure", () => {
  it("takes the published name when it is the wanted one", async () => {
    const service = live(`${NAME}.tail1234.ts.net`);
    const api = fakeApi({ [PATH]: service, [LIST]: { items: [service] } });
    assert.deepEqual(await settle(api), { publishedName: `${NAME}.tail1234.ts.net` });
    assert.ok(!api.calls.some((call) => call.startsWith("DELETE")));
  });

  it("says what to do about a name that was taken", () => {
    assert.throws(
      () => checkedName(`${NAME}-1.tail1234.ts.net`, NAME),
      /already called hel1-ai-deepseek-ocr\. Remove that machine/,
    );
    assert.throws(() => checkedName("other.tail1234.ts.net", NAME), /as other instead of/);
    assert.equal(checkedName(`${NAME}.ts.net`, NAME), `${NAME}.ts.net`);
  });

  it("replaces a Service whose frozen annotations differ, once", async () => {
    const old = live(`${NAME}.ts.net`, { annotations: { "tailscale.com/tags": "tag:old" } });
    const fresh = live(`${NAME}.ts.net`, { uid: "2" });
    let deleted = false;
    const api = fakeApi({
      [LIST]: { items: [old] },
      [PATH]: ({ method }: { method?: string }) => {
        if (method === "DELETE") deleted = true;
        return deleted ? fresh : old;
      },
    });
    // KubeRay makes the Service again; the fake forgets what was deleted, so it is put back here.
    const put = api.objects.get(PATH);
    const find = api.find.bind(api);
    api.find = async (path, request) => {
      const found = await find<never>(path, request);
      if (request?.method === "DELETE") api.objects.set(PATH, put);
      return found;
    };
    const report: string[] = [];
    await settle(api, report);
    assert.deepEqual(report, [`replacing Service ${NAME}, because an annotation changed`]);
    assert.equal(api.calls.filter((call) => call === `DELETE ${PATH}`).length, 1);
  });

  it("removes the Service of a former name, and nobody else's", async () => {
    const service = live(`${NAME}.ts.net`);
    const former = live(undefined, { name: "fra1-ai-deepseek-ocr" });
    const foreign = { ...live(undefined, { name: "other" }), metadata: { name: "other", uid: "9" } };
    const api = fakeApi({
      [LIST]: { items: [service, former, foreign] },
      [PATH]: service,
      [`${LIST}/fra1-ai-deepseek-ocr`]: former,
      [`${LIST}/other`]: foreign,
    });
    await settle(api);
    assert.deepEqual(
      api.calls.filter((call) => call.startsWith("DELETE")),
      [`DELETE ${LIST}/fra1-ai-deepseek-ocr`],
    );
  });

  it("fails with the Tailscale operator's words when no name comes", async () => {
    const service = {
      ...live(undefined),
      status: {
        conditions: [
          { type: "TailscaleProxyReady", status: "False", reason: "ProxyPending", message: "auth key refused" },
        ],
      },
    };
    const api = fakeApi({ [LIST]: { items: [] }, [PATH]: service });
    await assert.rejects(settle(api), /got no name on the tailnet in 60 s \(ProxyPending: auth key refused\)/);
  });

  it("fails when KubeRay makes no Service", async () => {
    await assert.rejects(settle(fakeApi({ [LIST]: { items: [] } })), /KubeRay did not create the Service/);
  });

  it("sees which part differs", () => {
    assert.equal(difference(live("x"), wanted), undefined);
    const port = { ...wanted, spec: { ...wanted.spec, ports: [{ name: "serve", port: 8080, targetPort: 8000 }] } };
    assert.equal(difference(live("x"), port), "a port");
    assert.equal(difference(live("x"), { ...wanted, spec: { ...wanted.spec, type: "ClusterIP" } }), "its type");
  });
});
