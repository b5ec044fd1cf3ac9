export type * from "./args.ts";
export { DeepSeekOcr } from "./deepSeekOcr.ts";
export type { Transform, Transforms } from "./transforms.ts";
