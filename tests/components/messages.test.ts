import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { z } from "zod";
import { settingsSchema } from "../../components/config/schema/index.ts";

interface Node {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Node>>;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: boolean | Node;
  readonly anyOf?: readonly Node[];
}

const settings = z.toJSONSchema(settingsSchema) as Node;
const app = JSON.parse(readFileSync("serve-app/ocr_app/settings.schema.json", "utf8")) as Node;
const sections = Object.keys(settings.properties ?? {});
/** A dotted key of a setting, and nothing that only looks like one: a host name, a label, a file. */
const KEY = new RegExp(`(?<![\\w./@-])(${sections.join("|")})((?:\\.[A-Za-z]\\w*)+)(?!\\.?[\\w/@-])`, "g");

function exists(key: string): boolean {
  const [section, ...path] = key.split(".");
  return section === "app" ? has(app, path, app) : has(settings, [section ?? "", ...path], settings);
}

function has(node: Node, [key, ...rest]: readonly string[], root: Node): boolean {
  if (key === undefined) return true;
  if (node.$ref) return has(root.$defs?.[node.$ref.split("/").at(-1) ?? ""] ?? {}, [key, ...rest], root);
  if (node.anyOf?.some((one) => has(one, [key, ...rest], root))) return true;
  const child = node.properties?.[key];
  if (child) return has(child, rest, root);
  // Free-form maps, such as the values of a chart.
  return node.properties === undefined && typeof node.additionalProperties === "object";
}

/** Every text of a program, with `…` for what is filled in; module names are none. */
function texts(file: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    if (ts.isTemplateExpression(node)) {
      found.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("…"));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true));
  return found;
}

const keysIn = (text: string) => [...text.matchAll(KEY)].map(([key]) => key);

describe("messages", () => {
  const files = ["components", "policy"]
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)))
    .filter((file) => file.endsWith(".ts") && file !== join("components", "args.ts"));
  const named = files.flatMap((file) => texts(file).flatMap((text) => keysIn(text).map((key) => ({ file, key }))));

  it("name many settings, so that this test looks at something", () => {
    assert.ok(named.length > 60, String(named.length));
    assert.ok(new Set(named.map(({ file }) => file)).size > 8);
  });

  it("name only settings that exist", () => {
    assert.deepEqual(
      named.filter(({ key }) => !exists(key)),
      [],
    );
  });

  it("would not get away with a setting that does not exist", () => {
    assert.deepEqual(keysIn("Check model.repository, app.vllm.model and cache.size."), [
      "model.repository",
      "app.vllm.model",
      "cache.size",
    ]);
    assert.equal(exists("model.repository"), false);
    assert.equal(exists("app.vllm.repository"), false);
    assert.equal(exists("app.vllm.model"), true);
    assert.equal(exists("app.queue.max_in_flight"), true);
    assert.deepEqual(keysIn("tailscale.com/tags app.kubernetes.io/name x.svc.cluster.local ./charts/model.tgz"), []);
  });
});
