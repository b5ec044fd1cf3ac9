import { containers, isProps, isSecret, listAt, podSpecs, type Resource, type Rule, walk } from "../resource.ts";

/** Names of variables whose value is a secret; `…_FILE` and `…_PATH` only point to one. */
const secretName = /(^|[_.-])(API_?KEY|TOKEN|PASSWORD|PASSWD|SECRET|CREDENTIALS?|PRIVATE_?KEY)$/i;

/** Values that are a secret whatever their name: Hugging Face, Tailscale, OpenAI-like keys, private keys. */
const secretValue =
  /\bhf_[A-Za-z0-9]{20,}|\btskey-[a-z]+-[A-Za-z0-9]{6,}|\bsk-[A-Za-z0-9_-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

export const secretsByReference: Rule = {
  name: "secrets-by-reference",
  description: "Pods get secrets by reference to a Secret, never as text in a manifest.",
  check: (resource) => [...variables(resource), ...literals(resource)],
};

function variables(resource: Resource): string[] {
  return podSpecs(resource)
    .flatMap(containers)
    .flatMap(({ path, spec }) =>
      listAt(spec, "env").flatMap((variable, index) =>
        isProps(variable) && secretName.test(String(variable.name)) && isText(variable.value)
          ? [`${path}.env[${index}]: ${String(variable.name)} is in plain text; use valueFrom.secretKeyRef.`]
          : [],
      ),
    );
}

/** Keys in plain text anywhere outside a Secret. The message gives the place, never the value. */
function literals(resource: Resource): string[] {
  if (isSecret(resource) || !resource.type.startsWith("kubernetes:")) return [];
  return [...walk(resource.props)].flatMap(({ path, value }) =>
    typeof value === "string" && secretValue.test(value)
      ? [`${path}: holds a key in plain text; put it into a Secret and refer to it.`]
      : [],
  );
}

function isText(value: unknown): boolean {
  return typeof value === "symbol" || (typeof value === "string" && value !== "");
}
