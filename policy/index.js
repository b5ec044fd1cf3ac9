// Pulumi loads a policy pack with require() and leaves out `nodeargs`, so the pack registers tsx by itself.
import { createRequire } from "node:module";
import process from "node:process";

process.env.TSX_DISABLE_CACHE = "1"; // why: components/tsx.mjs
const require = createRequire(import.meta.url);
require("tsx/cjs/api").register();
require("./pack.ts");
