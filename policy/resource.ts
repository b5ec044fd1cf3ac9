/** A resource as a policy sees it: the inputs that the program registered. */
export interface Resource {
  /** Pulumi type token, such as `kubernetes:core/v1:Service`. */
  readonly type: string;
  /** Logical name in the program. */
  readonly name: string;
  /** Inputs; a value that only the deployment will know is {@link unknown}. */
  readonly props: Props;
}

export type Props = Readonly<Record<string, unknown>>;

/** One rule that every deployment must keep. */
export interface Rule {
  readonly name: string;
  readonly description: string;
  /** Violations: each names the property's path, what is wrong and what to write. Empty if the rule is kept. */
  check(resource: Resource): string[];
}

/** Stands for a value that a preview cannot know yet. Rules let it pass; the update checks it. */
export const unknown = Symbol("known only after deployment");

/**
 * A plain copy of a policy's `props`. Those are a proxy that throws at the first unknown value, which would switch off
 * the whole rule for the resource; the copy has {@link unknown} in its place.
 */
export function knownProps(props: Props): Props {
  return copy(props) as Props;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => copyOf(value, index));
  if (!isProps(value)) return value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, copyOf(value, key)]));
}

function copyOf(parent: object, key: string | number): unknown {
  let value: unknown;
  try {
    value = Reflect.get(parent, key);
  } catch (error) {
    // UnknownValueError is internal to @pulumi/policy and recognisable by this field only.
    if (error instanceof Error && "unknownTypeSentinel" in error) return unknown;
    throw error;
  }
  return copy(value);
}

export function isProps(value: unknown): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a dotted path, undefined if the path ends early. */
export function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((parent, key) => (isProps(parent) ? parent[key] : undefined), value);
}

/** The list at a dotted path, empty if there is none. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  const list = at(value, path);
  return Array.isArray(list) ? list : [];
}

/** Every value inside `value`, itself included, with its path, parents first. */
export function* walk(value: unknown, path = ""): Generator<{ readonly path: string; readonly value: unknown }> {
  yield { path, value };
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* walk(item, `${path}[${index}]`);
  } else if (isProps(value)) {
    for (const [key, item] of Object.entries(value)) yield* walk(item, path ? `${path}.${key}` : key);
  }
}

/** A pod specification somewhere inside a resource. */
export interface PodSpec {
  readonly path: string;
  readonly spec: Props;
}

/** Every pod that the resource will start: of Jobs, Deployments, Pods, and the groups of a Ray cluster. */
export function podSpecs(resource: Resource): PodSpec[] {
  if (!resource.type.startsWith("kubernetes:") || isRelease(resource)) return [];
  return [...walk(resource.props)].flatMap(({ path, value }) =>
    isProps(value) && Array.isArray(value.containers) ? [{ path, spec: value }] : [],
  );
}

/** A container of a pod, with its path in the resource. */
export interface Container {
  readonly path: string;
  readonly name: string;
  readonly spec: Props;
}

export function containers({ path, spec }: PodSpec): Container[] {
  return ["initContainers", "containers"].flatMap((field) =>
    listAt(spec, field).flatMap((container, index) =>
      isProps(container)
        ? [{ path: `${path}.${field}[${index}]`, name: String(container.name ?? index), spec: container }]
        : [],
    ),
  );
}

export const isRelease = ({ type }: Resource) => type === "kubernetes:helm.sh/v3:Release";
export const isRayService = ({ type }: Resource) => /^kubernetes:ray\.io\/[^:]+:RayService$/.test(type);
export const isSecret = ({ type }: Resource) => type === "kubernetes:core/v1:Secret";

/** The worker groups of a RayService, with their paths. */
export function workerGroups({ props }: Resource): { readonly path: string; readonly group: Props }[] {
  return listAt(props, "spec.rayClusterConfig.workerGroupSpecs").flatMap((group, index) =>
    isProps(group) ? [{ path: `spec.rayClusterConfig.workerGroupSpecs[${index}]`, group }] : [],
  );
}

/** Kubernetes resource name of a whole NVIDIA GPU. */
export const GPU = "nvidia.com/gpu";
