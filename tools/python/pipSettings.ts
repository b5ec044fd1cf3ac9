/** pip's settings that do not change which packages are installed, or from where. */
const irrelevant = new Set([
  "break-system-packages",
  "cache-dir",
  "config-file",
  "debug",
  "disable-pip-version-check",
  "log",
  "no-color",
  "no-input",
  "no-python-version-warning",
  "no-warn-script-location",
  "progress-bar",
  "quiet",
  "require-virtualenv",
  "retries",
  "root-user-action",
  "verbose",
]);

type Variables = Readonly<Record<string, string>>;

const words = (value: string) => value.split(/\s+/).filter(Boolean);

/** The settings that uv has too: its environment variables, which unlike options keep a password out of `ps`. */
const counterparts: Readonly<Record<string, (value: string) => Variables>> = {
  "index-url": (value) => ({ UV_DEFAULT_INDEX: value }),
  "extra-index-url": (value) => ({ UV_INDEX: words(value).join(" ") }),
  "find-links": (value) => ({ UV_FIND_LINKS: words(value).join(",") }),
  "trusted-host": (value) => ({ UV_INSECURE_HOST: words(value).join(" ") }),
  cert: (value) => ({ SSL_CERT_FILE: value }),
  "client-cert": (value) => ({ SSL_CLIENT_CERT: value }),
  proxy: (value) => ({ ALL_PROXY: value, HTTP_PROXY: value, HTTPS_PROXY: value }),
  timeout: (value) => ({ UV_HTTP_TIMEOUT: value }),
  "default-timeout": (value) => ({ UV_HTTP_TIMEOUT: value }),
};

/** Sections of pip's configuration that `pip install` reads; a later one wins. */
const sections = ["global", "install", ":env:"] as const;

/**
 * What pip reads from pip.conf and the PIP_ variables, as environment variables of uv.
 *
 * @param configList output of `pip config list`.
 * @returns undefined if a setting has no counterpart: then only pip itself can follow it.
 */
export function uvVariables(configList: string): Variables | undefined {
  const settings = new Map<string, string>();
  for (const section of sections) {
    for (const line of configList.split("\n")) {
      const [, key, literal] =
        /^([\w-]+)=(.*)$/.exec(line.startsWith(`${section}.`) ? line.slice(section.length + 1) : "") ?? [];
      if (key && literal) settings.set(key, unquote(literal));
    }
  }
  let variables: Variables = {};
  for (const [key, value] of settings) {
    if (irrelevant.has(key)) continue;
    const counterpart = counterparts[key];
    if (!counterpart) return undefined;
    variables = { ...variables, ...counterpart(value) };
  }
  return variables;
}

/** pip prints values as Python does: 'a\nb'. */
function unquote(literal: string): string {
  const escapes: Variables = { n: "\n", t: "\t", r: "\r" };
  return literal
    .trim()
    .replace(/^(['"])(.*)\1$/, "$2")
    .replace(/\\(.)/g, (_, character: string) => escapes[character] ?? character);
}
