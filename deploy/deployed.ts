import { type Identity, identityOf, type Registered } from "./identity.ts";
import type { Session } from "./session.ts";

/** What runs at a location, as Pulumi's state records it. */
export async function deployedIdentity({ stack, location }: Session): Promise<Identity> {
  const { deployment } = (await stack.exportStack()) as { deployment?: { resources?: Partial<Registered>[] } };
  const resources = deployment?.resources ?? [];
  return identityOf(
    resources.flatMap(({ type, inputs }) => (type && inputs ? [{ type, inputs }] : [])),
    location.model,
  );
}
