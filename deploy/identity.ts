import { parse } from "yaml";
import { SERVICE } from "../components/specs/names.ts";
import { at, containers, podSpecs } from "../policy/resource.ts";

/** What runs, in the terms in which two locations can be compared. */
export interface Identity {
  /** Hash of the application's code. */
  readonly app?: string;
  /** Images of the Ray pods, as the stack names them. */
  readonly images: readonly string[];
  /** The same images by content, as the pods report them; only where the cluster could be asked. */
  readonly digests?: readonly string[];
  /** The model and its commit; a GPU engine's only. */
  readonly model?: string;
}

/** A registered resource: from the state, or from the engine's events. */
export interface Registered {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const configMap = new RegExp(`^${SERVICE}-app-([0-9a-f]+)$`);

/** Reads from registered resources what runs. */
export function identityOf(
  resources: readonly Registered[],
  model?: { name: string; revision: string | null },
): Identity {
  const names = resources.map(({ type, inputs }) =>
    type === "kubernetes:core/v1:ConfigMap" ? at(inputs, "metadata.name") : "",
  );
  const app = names.map((name) => configMap.exec(String(name))?.[1]).find(Boolean);
  const ray = resources.filter(({ type }) => type.endsWith(":RayService"));
  const images = ray
    .flatMap(({ type, inputs }) => podSpecs({ type, name: "", props: inputs }))
    .flatMap(containers)
    .map(({ spec }) => String(spec.image));
  const named = model ?? modelOf(ray[0]);
  return {
    ...(app ? { app } : {}),
    images: [...new Set(images)].sort(),
    ...(named ? { model: [named.name, named.revision].filter(Boolean).join("@") } : {}),
  };
}

/** The model that serveConfigV2 names; nothing where the application's default stands, which is part of its code. */
function modelOf(ray: Registered | undefined): { name: string; revision: string | null } | undefined {
  const text = at(ray?.inputs, "spec.serveConfigV2");
  const [application] =
    (typeof text === "string" ? (parse(text) as { applications?: object[] }) : {}).applications ?? [];
  const name = at(application, "args.vllm.model");
  const revision = at(application, "args.vllm.revision");
  return typeof name === "string" ? { name, revision: typeof revision === "string" ? revision : null } : undefined;
}

/** In what two identities differ, in words; nothing where they are the same. */
export function differences(wanted: Identity, found: Identity): string[] {
  const lines: string[] = [];
  const compare = (what: string, a: string | undefined, b: string | undefined) => {
    if (a !== b) lines.push(`${what}: ${b ?? "none"} instead of ${a ?? "none"}`);
  };
  compare("application", wanted.app, found.app);
  compare("images", wanted.images.join(", "), found.images.join(", "));
  compare("model", wanted.model, found.model);
  if (wanted.digests && found.digests) compare("image digests", wanted.digests.join(", "), found.digests.join(", "));
  return lines;
}
