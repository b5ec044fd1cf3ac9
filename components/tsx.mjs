// What `node --import` loads so that Node reads TypeScript: tsx without its cache. tsx keeps that in a shared temporary
// folder, /tmp/tsx-UID, and runs what it finds there without asking who wrote it; on a machine with other users that is
// anyone. Without the cache everything takes as long (esbuild is fast). Child processes take the setting over.
import process from "node:process";

process.env.TSX_DISABLE_CACHE = "1";
// Node's own cache is in /tmp/node-compile-cache, with the same trust; tsc turns it on.
process.env.NODE_DISABLE_COMPILE_CACHE ??= "1";
// @ts-expect-error: it comes without types
await import("tsx");
