import { cis } from "../lib/controls.ts";
import { parseImage } from "../lib/image.ts";
import { about } from "../lib/pods.ts";
import { text } from "../lib/read.ts";
import { containerRule } from "../lib/rule.ts";

export const registries = containerRule(
  {
    name: "registries",
    description: "Every image comes from a registry that the environment allows.",
    why: "What runs must have passed the organisation's own scan and build; a foreign registry can serve anything.",
    fix: "Push the image to an allowed registry and release it from there; operators allow others in the environment's `registries`.",
    severity: "high",
    fields: { ServiceRequest: ["spec.image"], Score: ["containers.*.image"] },
    frameworks: cis("5.5.1"),
  },
  (container, _pod, settings) => {
    if (settings.registries.includes("*")) return [];
    const reference = text(container.spec["image"]) ?? "";
    const repository = parseImage(reference)?.repository;
    if (repository !== undefined && settings.registries.some((one) => isUnder(repository, one)))
      return [];
    return [
      about(
        container,
        `runs "${reference}"; allowed are ${settings.registries.join(", ")}`,
        "image",
      ),
    ];
  },
);

/** Whether a repository is the allowed one or under it, at a whole part of the path: `a.com` allows `a.com/x`, not `a.com.evil.org/x`. */
function isUnder(repository: string, allowed: string): boolean {
  const prefix = allowed.replace(/\/+$/, "").toLowerCase();
  return repository === prefix || repository.startsWith(`${prefix}/`);
}
