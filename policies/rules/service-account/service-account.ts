import { cis } from "../lib/controls.ts";
import { attempt } from "../lib/each.ts";
import { podOf, POD_TYPES } from "../lib/pods.ts";
import type { ResourceRule } from "../../../stacks/contract/finding.ts";

const ACCOUNT = "kubernetes:core/v1:ServiceAccount";
const TOKEN = "automountServiceAccountToken";

export const serviceAccount: ResourceRule = {
  scope: "resource",
  name: "service-account",
  description: "Every pod has a service account of its own and mounts no token of it.",
  why: "The default account is everybody's, and a mounted token lets whoever breaks in talk to the cluster's API.",
  fix: "Leave `serviceAccountName` and `automountServiceAccountToken` as the platform sets them.",
  severity: "high",
  level: "mandatory",
  types: [...POD_TYPES, ACCOUNT],
  fields: { ServiceRequest: ["spec.patches"], Score: ["containers"] },
  frameworks: cis("5.1.5", "5.1.6"),
  check(resource) {
    const pod = podOf(resource);
    if (!pod)
      return resource.props[TOKEN] === false
        ? []
        : [{ message: "the service account gives its token to every pod", path: TOKEN }];
    return [
      ...attempt(() => {
        const { serviceAccountName: name } = pod.spec;
        const path = `${pod.specPath}.serviceAccountName`;
        if (name === undefined || name === null || name === "")
          return [{ message: "the pod names no service account", path }];
        return name === "default"
          ? [{ message: "the pod runs as the default service account", path }]
          : [];
      }),
      ...attempt(() =>
        pod.spec[TOKEN] === false
          ? []
          : [
              {
                message: "the pod mounts a token of its service account",
                path: `${pod.specPath}.${TOKEN}`,
              },
            ],
      ),
    ];
  },
};
