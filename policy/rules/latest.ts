import { isRelease, type Rule, walk } from "../resource.ts";
import { latestImages } from "./images.ts";

export const noLatest: Rule = {
  name: "no-latest",
  description: "Nothing is deployed as `latest`: no image, no chart, no image inside a chart's values.",
  check: (resource) => {
    const found = latestImages(resource).map(({ path, image }) => `${path}: "${image}"`);
    if (isRelease(resource)) {
      for (const { path, value } of walk(resource.props)) {
        if (typeof value === "string" && /(^|:)latest$/.test(value)) found.push(`${path}: "${value}"`);
      }
    }
    return found.map((where) => `${where}; write the version that was tested.`);
  },
};
