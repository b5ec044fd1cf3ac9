import { containers, podSpecs, type Resource, type Rule } from "../resource.ts";

/** Tags that move from one image to another. `latest` has its own rule. */
const floating = /^(main|master|edge|dev|develop|nightly|stable|release)$/;

interface Reference {
  readonly path: string;
  readonly image: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Every image of the resource. The tag follows the last colon after the last slash; a colon before that is a port. */
function images(resource: Resource): Reference[] {
  return podSpecs(resource)
    .flatMap(containers)
    .flatMap(({ path, spec: { image } }) => {
      if (typeof image !== "string") return [];
      const [name = "", digest] = image.split("@");
      const tag = /:([^/:]+)$/.exec(name)?.[1];
      return [{ path: `${path}.image`, image, tag, digest }];
    });
}

export const pinnedImages: Rule = {
  name: "pinned-images",
  description: "Every image names a fixed version or a digest.",
  check: (resource) =>
    images(resource).flatMap(({ path, image, tag, digest }) => {
      if (digest) return [];
      if (!tag) return [`${path}: "${image}" has no version; write NAME:VERSION or NAME@sha256:DIGEST.`];
      return floating.test(tag)
        ? [`${path}: "${image}" names a tag that moves; write a version or a digest instead of "${tag}".`]
        : [];
    }),
};

/** Paths of the images whose tag is `latest` and whose digest does not say otherwise. */
export function latestImages(resource: Resource): Reference[] {
  return images(resource).filter(({ tag, digest }) => tag === "latest" && !digest);
}
