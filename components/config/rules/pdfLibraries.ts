import { type Rule, rule } from "./rule.ts";

/** Rules of the package index that the PDF libraries come from. */
export const pdfLibraryRules: readonly Rule[] = [
  rule(["pdfLibraries"], function packageIndexHasNoLogin({ pdfLibraries: { index } }) {
    if (index === undefined) return;
    const { username, password } = new URL(index);
    if (!username && !password) return;
    const fix = "pods would show it in plain text: remove it, then `pulumi config set --secret packageIndex`";
    // The URL itself is not shown: it has the password.
    return { key: "pdfLibraries.index", seen: "a URL with a login", fix };
  }),
  rule(["pdfLibraries", "secrets"], function onePackageIndex({ pdfLibraries: { index }, secrets }) {
    if (index === undefined || !secrets.has("packageIndex")) return;
    return { key: "pdfLibraries.index", seen: "a URL beside a secret", fix: "remove it or the secret packageIndex" };
  }),
];
