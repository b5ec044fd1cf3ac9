import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { RayService } from "../../../components/specs/rayTypes.ts";
import { renderStack } from "../../../tools/render/stack.ts";

interface Document {
  readonly kind?: string;
  readonly metadata?: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
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

  describe("of one stack file", () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "ocr-render-"));
    });
    afterEach(() => rm(folder, { recursive: true }));

    /** The head of a kind cluster with more settings, and what else is printed. */
    async function rendered(more: string) {
      const base = (await readFile("Pulumi.kind.yaml", "utf8")).replace(/\n {2}deepseek-ocr:images:\n.*/, "");
      await writeFile(join(folder, "Pulumi.one.yaml"), `${base.trimEnd()}\n${more}\n`);
      const documents = parse(await renderStack(folder, "one", () => undefined));
      const service = documents.find(({ kind }) => kind === "RayService");
      const { headGroupSpec, workerGroupSpecs } = (service as unknown as RayService).spec.rayClusterConfig;
      return { documents, head: headGroupSpec.template.spec, worker: workerGroupSpecs[0]?.template.spec };
    }

    it("prints the head's own image, and for both kinds of pods that Python's patch versions may differ", async () => {
      const { head, worker } = await rendered("  deepseek-ocr:images: { ray: ocr:1, head: head:2 }");
      assert.deepEqual([head.containers[0]?.image, worker?.containers[0]?.image], ["head:2", "ocr:1"]);
      for (const spec of [head, worker]) {
        const level = spec?.containers[0]?.env.find(({ name }) => name === "RAY_DEFAULT_PYTHON_VERSION_MATCH_LEVEL");
        assert.equal(level?.value, "minor");
      }
    });

    it("prints the container that installs the PDF libraries, and the lock file beside the code", async () => {
      const off = await rendered("  deepseek-ocr:images: { ray: ocr:1 }");
      assert.equal(off.head.initContainers, undefined);
      const { documents, head } = await rendered(
        "  deepseek-ocr:images: { ray: ocr:1 }\n  deepseek-ocr:pdfLibraries: { install: ifPossible }",
      );
      assert.deepEqual(
        head.initContainers?.map(({ name, image }) => [name, image]),
        [["pdf-libraries", "ocr:1"]],
      );
      const app = head.volumes[0]?.projected?.sources[0]?.configMap;
      const code = documents.find((each) => each.kind === "ConfigMap" && each.metadata?.name === app?.name);
      assert.match(code?.data?.["requirements.pdf.lock"] ?? "", /^pypdfium2==/m);
      assert.deepEqual(
        app?.items.find(({ key }) => key === "requirements.pdf.lock"),
        { key: "requirements.pdf.lock", path: "requirements/pdf.lock" },
      );
    });

    it("masks the URL of a package index that is a secret", async () => {
      const { documents, head } = await rendered(
        [
          "  deepseek-ocr:images: { ray: ocr:1 }",
          "  deepseek-ocr:pdfLibraries: { install: required }",
          "  deepseek-ocr:packageIndex: { secure: AAAA }",
        ].join("\n"),
      );
      const url = head.initContainers?.[0]?.env.find((each) => each.name === "PIP_INDEX_URL");
      assert.deepEqual(url?.valueFrom, { secretKeyRef: { name: "deepseek-ocr-package-index", key: "url" } });
      const secret = documents.find(({ metadata }) => metadata?.name === "deepseek-ocr-package-index");
      assert.deepEqual(secret?.stringData, { url: "[secret]" });
    });
  });

  it("says which stack it cannot find", () => {
    const missing = spawnSync(process.execPath, ["--import", "tsx", "tools/render/index.ts", "nowhere"], {
      encoding: "utf8",
    });
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /there is no Pulumi\.nowhere\.yaml/);
  });
});
