import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { parseAllDocuments } from "yaml";
import { renderStack } from "../../../tools/render/stack.ts";

interface Document {
  readonly kind?: string;
  readonly metadata?: { readonly name: string };
  readonly stringData?: Readonly<Record<string, string>>;
  readonly helm?: { readonly chart: string };
}

function parse(text: string): Document[] {
  return parseAllDocuments(text).map((document) => {
    assert.deepEqual(document.errors, []);
    return document.toJS() as Document;
  });
}

describe("npm run render", function () {
  this.timeout(60_000);

  for (const [stack, charts, assumed] of [
    ["prod", ["gpu-operator", "kuberay-operator", "tailscale-operator"], 1],
    ["dev", ["gpu-operator", "kuberay-operator", "tailscale-operator"], 1],
    ["kind", ["kuberay-operator"], 0],
  ] as const) {
    it(`prints the example location ${stack}, secrets masked, the same twice`, async () => {
      const notes: string[] = [];
      const text = await renderStack(process.cwd(), stack, (line) => notes.push(line));
      const documents = parse(text);
      assert.equal(notes.length, assumed);
      assert.deepEqual(documents.flatMap(({ helm }) => (helm ? [helm.chart] : [])).sort(), charts);
      assert.ok(documents.some(({ kind, metadata }) => kind === "RayService" && metadata?.name === "deepseek-ocr"));
      const secrets = documents.filter(({ kind }) => kind === "Secret");
      assert.ok(secrets.length > 0);
      for (const { stringData } of secrets) {
        assert.ok(
          Object.values(stringData ?? {}).every((value) => value === "[secret]"),
          JSON.stringify(stringData),
        );
      }
      assert.equal(await renderStack(process.cwd(), stack, () => undefined), text);
    });
  }

  it("says which stack it cannot find", () => {
    const missing = spawnSync(process.execPath, ["--import", "tsx", "tools/render/index.ts", "nowhere"], {
      encoding: "utf8",
    });
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /there is no Pulumi\.nowhere\.yaml/);
  });
});
