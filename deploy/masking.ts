/** Shorter values occur in ordinary text too often to be replaced. */
const SHORTEST = 4;
/** What stands in place of a secret. */
export const MASK = "[secret]";

/** Keys of well-known services: recognised by their form, even if this program was never told of them. */
const known = [
  "\\bhf_[A-Za-z0-9]{20,}",
  "\\btskey-[a-z]+-[A-Za-z0-9-]{6,}",
  "\\bsk-[A-Za-z0-9_-]{20,}",
  "\\bpul-[0-9a-f]{20,}",
  "-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
];

/** Environment variables whose values are secret. */
const variables = [
  "PULUMI_CONFIG_PASSPHRASE",
  "PULUMI_ACCESS_TOKEN",
  "TAILSCALE_OAUTH_CLIENT_SECRET",
  "TAILSCALE_API_KEY",
  "AWS_SECRET_ACCESS_KEY",
  "AZURE_STORAGE_KEY",
  "GITHUB_TOKEN",
  "HF_TOKEN",
  "OCR_API_KEY",
];

/** Replaces secrets in everything that this program prints or writes. */
export class Masker {
  readonly #forms = new Set<string>();

  constructor(environment: NodeJS.ProcessEnv = {}) {
    for (const name of variables) this.add(environment[name]);
  }

  /** Remembers a secret in each form in which logs may show it: plain, inside JSON, base64, in a URL, line by line. */
  add(secret: unknown): void {
    if (typeof secret === "object" && secret !== null) {
      for (const part of Object.values(secret)) this.add(part);
      return;
    }
    const text = typeof secret === "string" ? secret : typeof secret === "number" ? String(secret) : "";
    const lines = text.includes("\n") ? text.split("\n").map((line) => line.trim()) : [];
    for (const value of [text, ...lines]) {
      if (value.length < SHORTEST) continue;
      const base64 = Buffer.from(value).toString("base64");
      for (const form of [value, JSON.stringify(value).slice(1, -1), base64, encodeURIComponent(value)]) {
        this.#forms.add(form);
      }
    }
  }

  /** The text with {@link MASK} in place of each secret. */
  mask(text: string): string {
    // In one pass, so that a mask is never masked again; longest first, because one secret may begin with another.
    const forms = [...this.#forms]
      .sort((a, b) => b.length - a.length)
      .map((form) => form.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
    return text.replace(new RegExp([...forms, ...known].join("|"), "g"), MASK);
  }

  /** A copy of the value with {@link MASK} in place of each secret in any text inside it. */
  maskAll<T>(value: T): T {
    if (typeof value === "string") return this.mask(value) as T;
    if (Array.isArray(value)) return value.map((item) => this.maskAll(item)) as T;
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.maskAll(item)])) as T;
  }
}
