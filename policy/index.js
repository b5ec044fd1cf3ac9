// Pulumi loads a policy pack with require() and leaves out `nodeargs`, so the pack registers tsx by itself.
import { createRequire } from "node:module";
import { register } from "tsx/cjs/api";

register();
createRequire(import.meta.url)("./pack.ts");
