import type { Finding, ResourceRule } from "../../../stacks/contract/finding.ts";
import { attempt, each } from "../lib/each.ts";
import { fields, list } from "../lib/read.ts";

const OPEN: readonly unknown[] = ["LoadBalancer", "NodePort"];

export const exposure: ResourceRule = {
  scope: "resource",
  name: "exposure",
  description: "No Service is a LoadBalancer or NodePort or takes external addresses.",
  why: "The way in is the ingress: it alone ends TLS, logs and is watched.",
  fix: "Give the service a route, and leave the Service's type as ClusterIP.",
  severity: "high",
  level: "mandatory",
  types: ["kubernetes:core/v1:Service"],
  fields: {
    ServiceRequest: ["spec.patches", "spec.ports", "spec.port"],
    Score: ["service.ports"],
  },
  frameworks: [],
  check({ props }): readonly Finding[] {
    const spec = () => fields(props["spec"]);
    return [
      ...attempt(() => {
        const type = spec()["type"];
        return OPEN.includes(type)
          ? [{ message: `the Service is a ${String(type)}`, path: "spec.type" }]
          : [];
      }),
      ...attempt(() =>
        list(spec()["externalIPs"]).length > 0
          ? [{ message: "the Service takes external addresses", path: "spec.externalIPs" }]
          : [],
      ),
      ...attempt(() => {
        const ports = list(spec()["ports"]);
        return each(ports.length, (index) => {
          const port = fields(ports[index])["nodePort"];
          return (port ?? 0) === 0
            ? []
            : [
                {
                  message: `the Service takes port ${String(port)} of every node`,
                  path: `spec.ports[${index}].nodePort`,
                },
              ];
        });
      }),
    ];
  },
};
