import { deepEqual, equal, rejects } from "node:assert/strict";
import { NoHeadPodError, servingHeadPod } from "../../../components/kube/headPod.ts";
import { paths } from "../../../components/kube/paths.ts";
import { fakeApi } from "./fakeApi.ts";

const service = paths.rayService("ai", "deepseek-ocr");
const serving = { status: { activeServiceStatus: { rayClusterName: "ocr-a" }, pendingServiceStatus: {} } };

describe("servingHeadPod", () => {
  it("is the head pod of the cluster that serves", async () => {
    const api = fakeApi({ [service]: serving, [paths.pods("ai")]: { items: [{ metadata: { name: "ocr-a-head" } }] } });
    equal((await servingHeadPod(api, "ai")).metadata.name, "ocr-a-head");
    deepEqual(
      api.calls.at(-1),
      `GET ${paths.pods("ai")}?labelSelector=ray.io%2Fcluster%3Docr-a%2Cray.io%2Fnode-type%3Dhead`,
    );
  });

  const missing: Readonly<Record<string, readonly [Record<string, unknown>, RegExp]>> = {
    "the RayService": [{}, /^There is no RayService deepseek-ocr in namespace ai\.$/],
    "a serving cluster": [
      { [service]: { status: {} } },
      /^The RayService in namespace ai has no cluster that serves yet\.$/,
    ],
    "the pod": [{ [service]: serving, [paths.pods("ai")]: { items: [] } }, /^The Ray cluster ocr-a has no head pod\.$/],
  };
  for (const [what, [objects, message]] of Object.entries(missing)) {
    it(`says that ${what} is missing`, () =>
      rejects(
        servingHeadPod(fakeApi(objects), "ai"),
        (error: Error) => error instanceof NoHeadPodError && message.test(error.message),
      ));
  }
});
