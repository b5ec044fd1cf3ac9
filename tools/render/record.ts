import * as pulumi from "@pulumi/pulumi";
import { PLACEHOLDER } from "./stackFile.ts";

/** A resource as the program registered it. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** For custom resources: those of a provider. Components only group them. */
  readonly custom: boolean;
  /** The provider that it was handed, as Pulumi writes it. */
  readonly provider?: string;
}

/**
 * Runs a program with a stand-in for the Pulumi engine and returns what it registered, in order.
 *
 * @param outputs what providers would add to the resources of a type.
 */
export async function record(
  program: () => unknown,
  stack = "render",
  outputs: (type: string) => Readonly<Record<string, unknown>> = secretOutputs,
): Promise<readonly Recorded[]> {
  const recorded: Recorded[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom, id, provider }) => {
        recorded.push({ type, name, inputs, custom: custom ?? false, ...(provider ? { provider } : {}) });
        return { id: id || `${name}-id`, state: { ...inputs, ...outputs(type) } };
      },
      call: ({ inputs }) => inputs,
    },
    "deepseek-ocr",
    stack,
    false,
  );
  await pulumi.runtime.runInPulumiStack(async () => {
    program();
  });
  // Registrations are calls to the engine that go on after the program's last line.
  await pulumi.runtime.disconnect();
  return recorded;
}

/** Outputs that only a real deploy knows; all of them are secrets. */
function secretOutputs(type: string): Readonly<Record<string, unknown>> {
  switch (type) {
    case "random:index/randomPassword:RandomPassword":
      return { result: PLACEHOLDER };
    case "tailscale:index/oauthClient:OauthClient":
      return { key: PLACEHOLDER };
    default:
      return {};
  }
}
