import { parse } from "yaml";
import { SERVICE } from "../components/specs/names.ts";
import { at, containers, podSpecs } from "../policy/resource.ts";

/** What runs at a location, in terms that can be compared with another location. */
export interface Identity {
  /** Hash of the application's code. */
  readonly app?: string | undefined;
  /** Images of the Ray pods, as the stack names them. */
  readonly images: readonly string[];
  /** Content digests of these images, as the pods report them; undefined if the cluster could not be reached. */
  readonly digests?: readonly string[] | undefined;
  /** The model and its commit; only for a GPU engine. */
  readonly model?: string | undefined;
}

/** A resource that the program registered, from the state or from the engine's events. */
export interface Registered {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const configMap = new RegExp(`^${SERVICE}-app-([0-9a-f]+)$`);

/** Reads from registered resources what they run. */
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
    app,
    images: [...new Set(images)].sort(),
    model: named && [named.name, named.revision].filter(Boolean).join("@"),
  };
}

/** The model that serveConfigV2 names; undefined for the application's default, which is part of its code. */
function modelOf(ray: Registered | undefined): { name: string; revision: string | null } | undefined {
  const text = at(ray?.inputs, "spec.serveConfigV2");
  const [application] =
    (typeof text === "string" ? (parse(text) as { applications?: object[] }) : {}).applications ?? [];
  const name = at(application, "args.vllm.model");
  const revision = at(application, "args.vllm.revision");
  return typeof name === "string" ? { name, revision: typeof revision === "string" ? revision : null } : undefined;
}

/** How two identities differ, one line for each difference; empty if they are the same. */
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
