import assert from "node:assert/strict";
import type { SettingsInput } from "../../../components/config/settings.ts";
import { readPdfLock } from "../../../components/sources.ts";
import { renderHeadPod } from "../../../components/specs/headPod.ts";
import { gpuSettings } from "../../helpers/settings.ts";

function headOf(pdfLibraries: SettingsInput, over: SettingsInput = {}, packageIndexSecret = false) {
  const settings = gpuSettings({ pdfLibraries, ...over });
  return renderHeadPod({ ...settings, registrySecret: false, packageIndexSecret }, { name: "app" }).spec;
}

/** Names and values of the init container's environment, without what every pod has. */
function indexEnv(pdfLibraries: SettingsInput, packageIndexSecret = false) {
  const env = headOf(pdfLibraries, {}, packageIndexSecret).initContainers?.[0]?.env ?? [];
  return Object.fromEntries(
    env.filter(({ name }) => name.startsWith("PIP_")).map(({ name, value, valueFrom }) => [name, value ?? valueFrom]),
  );
}

const pip = [
  "python -m pip install --require-hashes --only-binary=:all: --no-deps",
  "--target /pdf-libraries/packages --upgrade",
  "--no-cache-dir --no-input --disable-pip-version-check --progress-bar=off",
  "--requirement /serve_app/requirements/pdf.lock",
]
  .join(" ")
  .split(" ");

describe("specs/pdfLibraries", () => {
  it("fetches nothing unless it is asked to", () => {
    const head = headOf({});
    assert.equal(head.initContainers, undefined);
    assert.deepEqual(head.volumes, [{ name: "app" }]);
    assert.equal(JSON.stringify(head).includes("pdf-libraries"), false);
  });

  it("installs the locked packages into a folder that the head reads last", () => {
    const { initContainers, containers, volumes } = headOf({ install: "required" });
    assert.deepEqual(initContainers, [
      {
        name: "pdf-libraries",
        image: "rayproject/ray-llm:2.60.0-py312-cu130",
        imagePullPolicy: "IfNotPresent",
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, runAsNonRoot: true },
        command: pip,
        env: [
          { name: "TMPDIR", value: "/pdf-libraries" },
          { name: "grpc_proxy" },
          { name: "no_proxy", value: "localhost,127.0.0.1,::1,kubernetes.default,.svc,.cluster.local" },
          { name: "NO_PROXY", value: "localhost,127.0.0.1,::1,kubernetes.default,.svc,.cluster.local" },
        ],
        resources: { requests: { cpu: "1", memory: "512Mi" }, limits: { cpu: "1", memory: "512Mi" } },
        volumeMounts: [
          { name: "app", mountPath: "/serve_app", readOnly: true },
          { name: "pdf-libraries", mountPath: "/pdf-libraries" },
        ],
      },
    ]);
    assert.deepEqual(volumes.at(-1), { name: "pdf-libraries", emptyDir: { sizeLimit: "256Mi" } });
    assert.deepEqual(containers[0]?.volumeMounts.at(-1), {
      name: "pdf-libraries",
      mountPath: "/pdf-libraries",
      readOnly: true,
    });
    const env = Object.fromEntries(containers[0]?.env.map(({ name, value }) => [name, value]) ?? []);
    assert.equal(env.OCR_EXTRA_PACKAGES, "/pdf-libraries/packages");
    // What is on PYTHONPATH would come before the packages of the image.
    assert.equal(env.PYTHONPATH, "/serve_app");
  });

  it("runs the same command where the head may start without them, and ends well", () => {
    const [, , script, ...rest] = headOf({ install: "ifPossible" }).initContainers?.[0]?.command ?? [];
    assert.match(script ?? "", /^"\$@" \|\| echo "[^"]*501\." >&2$/);
    assert.deepEqual(rest, ["sh", ...pip]);
  });

  it("asks for no more than the head does, so that the pod needs no larger node", () => {
    const { initContainers, containers } = headOf({ install: "required" });
    assert.deepEqual(initContainers?.[0]?.resources.requests, { cpu: "1", memory: "512Mi" });
    assert.deepEqual(containers[0]?.resources.requests, { cpu: "2", memory: "8Gi" });
  });

  it("runs in the head's own image, whose Python they are for", () => {
    const { initContainers, containers } = headOf({ install: "required" }, { images: { head: "mine/head:1" } });
    assert.deepEqual([initContainers?.[0]?.image, containers[0]?.image], ["mine/head:1", "mine/head:1"]);
  });

  it("takes them from the index that is named, and from none by name where none is", () => {
    const install = "required";
    assert.deepEqual(indexEnv({ install }), {});
    assert.deepEqual(indexEnv({ install, index: "https://pypi.example/simple" }), {
      PIP_INDEX_URL: "https://pypi.example/simple",
    });
  });

  it("lets pip use an index without TLS, as a cluster has inside: the hashes say what is genuine", () => {
    assert.deepEqual(indexEnv({ install: "required", index: "http://devpi.tools.svc:3141/root/pypi" }), {
      PIP_INDEX_URL: "http://devpi.tools.svc:3141/root/pypi",
      PIP_TRUSTED_HOST: "devpi.tools.svc:3141",
    });
  });

  it("takes an index with a login from a Secret", () => {
    assert.deepEqual(indexEnv({ install: "required" }, true), {
      PIP_INDEX_URL: { secretKeyRef: { name: "deepseek-ocr-package-index", key: "url" } },
    });
  });

  it("has hashes for all that it installs, pypdfium2 and pikepdf among it", () => {
    const { path, text } = readPdfLock();
    assert.equal(path, "requirements/pdf.lock");
    const pins = text.split("\n").filter((line) => /^\S+==/.test(line));
    assert.ok(pins.every((line) => line.endsWith("\\")));
    for (const name of ["pypdfium2", "pikepdf"]) assert.ok(pins.some((line) => line.startsWith(`${name}==`)));
  });
});
