import { z } from "zod";

/** Kinds of values that several settings share. */

export const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "use lower-case letters, digits and hyphens, starting and ending with one");
export const quantity = z
  .string()
  .regex(/^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/, 'write a Kubernetes quantity such as "4", "500m" or "24Gi"');
export const seconds = z
  .number()
  .positive("give a time in seconds, greater than 0")
  .max(86_400, "at most 86400 seconds");
export const stringMap = z.record(z.string(), z.string());
export const freeForm = z.record(z.string(), z.unknown());
export const text = z.string().min(1, "must not be empty");
