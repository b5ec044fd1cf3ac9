import { z } from "zod";
import { auth, exposure, monitoring, network } from "./access.ts";
import { app, cluster, engine, images, location, namespace } from "./general.ts";
import { cache, model } from "./model.ts";
import { gpuOperator, kuberay, tailscale } from "./operators.ts";
import { pdfLibraries } from "./pdfLibraries.ts";
import { gcsFaultTolerance, head, rayService, type toleration, worker } from "./pods.ts";
import { scaling, serve } from "./serving.ts";

/**
 * The shape of a location: every setting with its type, bounds and meaning. Defaults are in defaults.ts, rules that
 * join several settings in rules/. Pulumi.yaml's schema, docs/configuration.md and components/args.ts are generated
 * from here, in this order (`npm run generate`).
 */
export const settingsSchema = z.strictObject({
  location,
  engine,
  app,
  namespace,
  cluster,
  images,
  pdfLibraries,
  scaling,
  serve,
  head,
  worker,
  rayService,
  gcsFaultTolerance,
  model,
  cache,
  auth,
  gpuOperator,
  kuberay,
  exposure,
  tailscale,
  network,
  monitoring,
});

export type Settings = z.infer<typeof settingsSchema>;
export type Toleration = z.infer<typeof toleration>;
