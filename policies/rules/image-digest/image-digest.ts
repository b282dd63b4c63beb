import { parseImage } from "../lib/image.ts";
import { about } from "../lib/pods.ts";
import { text } from "../lib/read.ts";
import { containerRule } from "../lib/rule.ts";

export const imageDigest = containerRule(
  {
    name: "image-digest",
    description: "Every image has a digest where the environment requires it.",
    why: "A tag can be moved to other content after review; a digest cannot.",
    fix: "Release the image by digest: `fairway release <service> --env <environment> <container>=<repository>@sha256:…`.",
    severity: "high",
    fields: { ServiceRequest: ["spec.image"], Score: ["containers.*.image"] },
    frameworks: [],
  },
  (container, _pod, { digest, environment }) => {
    if (digest !== "required") return [];
    const reference = text(container.spec["image"]) ?? "";
    return parseImage(reference)?.digest === undefined
      ? [
          about(
            container,
            `runs "${reference}" without a digest, which ${environment} requires`,
            "image",
          ),
        ]
      : [];
  },
);
