import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { settingsSchema } from "../../components/config/schema/index.ts";
import { secretNames } from "../../components/config/secrets.ts";

interface PackageSchema {
  readonly resources: Readonly<
    Record<string, { inputProperties: object; properties: object; requiredInputs: string[] }>
  >;
  readonly types: Readonly<Record<string, { readonly properties: object }>>;
}

const require = createRequire(import.meta.url);
const token = "deepseek-ocr-pulumi:index:DeepSeekOcr";

/** Starts Pulumi's own plugin host on this repository, as the engine does for `pulumi package add` elsewhere. */
async function startHost(): Promise<{ host: ChildProcess; port: string }> {
  const entry = require.resolve("@pulumi/pulumi/cmd/run-plugin/index.js");
  const host = spawn(process.execPath, [entry, process.cwd(), "127.0.0.1:1"], {
    cwd: tmpdir(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors: string[] = [];
  host.stderr?.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  const port = await new Promise<string>((resolve, reject) => {
    host.stdout?.on("data", (chunk: Buffer) => {
      const [line] = /^\d+$/m.exec(chunk.toString()) ?? [];
      if (line) resolve(line);
    });
    host.on("exit", () => reject(new Error(`the plugin host ended: ${errors.join("")}`)));
  });
  return { host, port };
}

async function schemaFrom(port: string): Promise<PackageSchema> {
  const grpc = require("@grpc/grpc-js");
  const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb.js");
  const { GetSchemaRequest } = require("@pulumi/pulumi/proto/provider_pb.js");
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  try {
    return await new Promise((resolve, reject) =>
      client.getSchema(new GetSchemaRequest(), (error: Error | null, response: { getSchema(): string }) =>
        error ? reject(error) : resolve(JSON.parse(response.getSchema())),
      ),
    );
  } finally {
    client.close();
  }
}

describe("the package for other Pulumi programs", function () {
  this.timeout(120_000);
  let schema: PackageSchema;

  before(async () => {
    const { host, port } = await startHost();
    try {
      schema = await schemaFrom(port);
    } finally {
      host.kill();
    }
  });

  it("offers the component in every language", () => {
    assert.deepEqual(Object.keys(schema.resources), [token]);
  });

  it("takes every setting and every secret, and asks for the location only", () => {
    const component = schema.resources[token];
    assert.deepEqual(
      Object.keys(component?.inputProperties ?? {}).sort(),
      [...Object.keys(settingsSchema.shape), "secrets"].sort(),
    );
    assert.deepEqual(component?.requiredInputs, ["location"]);
    const secrets = schema.types["deepseek-ocr-pulumi:index:SecretArgs"]?.properties ?? {};
    assert.deepEqual(Object.keys(secrets).sort(), [...secretNames].sort());
  });

  it("gives what a program needs to use the service", () => {
    const outputs = Object.keys(schema.resources[token]?.properties ?? {});
    for (const output of ["endpoint", "openaiBaseUrl", "apiKey", "inClusterUrl"])
      assert.ok(outputs.includes(output), output);
  });
});
