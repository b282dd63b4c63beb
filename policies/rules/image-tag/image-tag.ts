import { parseImage } from "../lib/image.ts";
import { about } from "../lib/pods.ts";
import { text } from "../lib/read.ts";
import { containerRule } from "../lib/rule.ts";

export const imageTag = containerRule(
  {
    name: "image-tag",
    description: "Every image has a digest, or a tag other than `latest`.",
    why: "An image without a version is another one tomorrow: what was reviewed is not what runs, and a rollback has no target.",
    fix: "Release the image by digest (`fairway release`), or name its tag.",
    severity: "high",
    fields: { ServiceRequest: ["spec.image"], Score: ["containers.*.image"] },
    frameworks: [],
  },
  (container) => {
    const reference = text(container.spec["image"]) ?? "";
    const image = parseImage(reference);
    if (!image) return [about(container, `has no image that can be read: "${reference}"`, "image")];
    if (image.digest !== undefined) return [];
    if (image.tag === undefined)
      return [about(container, `runs ${reference}, which has neither tag nor digest`, "image")];
    return image.tag.toLowerCase() === "latest"
      ? [about(container, `runs ${reference}; the tag \`${image.tag}\` names no version`, "image")]
      : [];
  },
);
