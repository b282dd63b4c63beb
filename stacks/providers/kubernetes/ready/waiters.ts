import { annotationList } from "../check.ts";
import { groupOf } from "../discovery.ts";
import { textAt, type JsonObject } from "../json.ts";
import { claim } from "./claim.ts";
import { customResourceDefinition } from "./custom-resource-definition.ts";
import { daemonSet } from "./daemon-set.ts";
import { deployment } from "./deployment.ts";
import { ingress } from "./ingress.ts";
import { job } from "./job.ts";
import { namespace } from "./namespace.ts";
import { pod } from "./pod.ts";
import type { Waiter } from "./readiness.ts";
import { resourceQuota } from "./resource-quota.ts";
import { service } from "./service.ts";
import { statefulSet } from "./stateful-set.ts";
import { waitFor } from "./wait-for.ts";

/** How each kind becomes ready, by group and kind. A kind not listed (CronJob among them) is ready once it exists. */
const WAITERS: Readonly<Record<string, Waiter>> = {
  "/Namespace": namespace,
  "/PersistentVolumeClaim": claim,
  "/Pod": pod,
  "/ResourceQuota": resourceQuota,
  "/Service": service,
  "apiextensions.k8s.io/CustomResourceDefinition": customResourceDefinition,
  "apps/DaemonSet": daemonSet,
  "apps/Deployment": deployment,
  "apps/StatefulSet": statefulSet,
  "batch/Job": job,
  "networking.k8s.io/Ingress": ingress,
};

/** How these inputs become ready; undefined where nothing is waited for. `pulumi.com/skipAwait` and `pulumi.com/waitFor` decide first. */
export function waiterOf(inputs: JsonObject): Waiter | undefined {
  if (textAt(inputs, "metadata", "annotations", "pulumi.com/skipAwait") === "true")
    return undefined;
  return (
    waitFor(annotationList(inputs, "pulumi.com/waitFor")) ??
    WAITERS[`${groupOf(textAt(inputs, "apiVersion"))}/${textAt(inputs, "kind")}`]
  );
}
