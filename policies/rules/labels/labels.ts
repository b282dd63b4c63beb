import type { Finding, ResourceRule } from "../../../stacks/contract/finding.ts";
import { attempt } from "../lib/each.ts";
import { podOf, POD_TYPES } from "../lib/pods.ts";
import { at, type Fields, fields } from "../lib/read.ts";

const DEMANDED = ["service", "owner", "environment", "tier"].map((name) => `fairway.dev/${name}`);
const OTHERS = [
  "core/v1:ConfigMap",
  "core/v1:Namespace",
  "core/v1:PersistentVolumeClaim",
  "core/v1:Secret",
  "core/v1:Service",
  "core/v1:ServiceAccount",
  "networking.k8s.io/v1:Ingress",
].map((type) => `kubernetes:${type}`);

export const labels: ResourceRule = {
  scope: "resource",
  name: "labels",
  description: "Every object says its service, owner, environment and tier.",
  why: "Who is called at night, who pays and what may be deleted is read from these labels.",
  fix: "Leave the labels `fairway.dev/*` as the platform writes them; give the service an owner and a tier.",
  severity: "low",
  level: "mandatory",
  types: [...POD_TYPES, ...OTHERS],
  fields: {
    ServiceRequest: ["spec.owner", "spec.tier", "spec.patches"],
    Score: ["metadata.owner", "metadata"],
  },
  frameworks: [],
  check(resource, { environment }) {
    const pod = podOf(resource);
    const holders = [
      { path: "metadata.labels", read: () => resource.props["metadata"] },
      ...(pod && pod.metadataPath !== "metadata"
        ? [{ path: `${pod.metadataPath}.labels`, read: () => pod.metadata }]
        : []),
    ];
    return holders.flatMap(({ path, read }) =>
      attempt(() => wrong(fields(fields(read())["labels"]), path, environment)),
    );
  },
};

function wrong(found: Fields, path: string, environment: string): Finding[] {
  const missing = DEMANDED.filter((key) => found[key] === undefined || found[key] === "");
  const claimed = found["fairway.dev/environment"];
  return [
    ...(missing.length > 0
      ? [{ message: `the labels ${missing.join(", ")} are missing`, path }]
      : []),
    ...(claimed !== undefined && claimed !== "" && claimed !== environment
      ? [
          {
            message: `the object says that it belongs to ${String(claimed)}, and this is ${environment}`,
            path: at(path, "fairway.dev/environment"),
          },
        ]
      : []),
  ];
}
