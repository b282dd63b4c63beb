import type { EstimateRule, Rule } from "../../stacks/contract/finding.ts";
import { appArmor } from "./app-armor/app-armor.ts";
import { budget } from "./budget/budget.ts";
import { capabilities } from "./capabilities/capabilities.ts";
import { exposure } from "./exposure/exposure.ts";
import { hostNamespaces } from "./host-namespaces/host-namespaces.ts";
import { hostPath } from "./host-path/host-path.ts";
import { hostPort } from "./host-port/host-port.ts";
import { imageDigest } from "./image-digest/image-digest.ts";
import { imageTag } from "./image-tag/image-tag.ts";
import { labels } from "./labels/labels.ts";
import { networkPolicyCovers } from "./network-policy-covers/network-policy-covers.ts";
import { podDisruptionBudget } from "./pod-disruption-budget/pod-disruption-budget.ts";
import { privilegeEscalation } from "./privilege-escalation/privilege-escalation.ts";
import { privileged } from "./privileged/privileged.ts";
import { probeHost } from "./probe-host/probe-host.ts";
import { probes } from "./probes/probes.ts";
import { procMount } from "./proc-mount/proc-mount.ts";
import { readOnlyRoot } from "./read-only-root/read-only-root.ts";
import { registries } from "./registries/registries.ts";
import { replicas } from "./replicas/replicas.ts";
import { requestsAndLimits } from "./requests-and-limits/requests-and-limits.ts";
import { runAsNonRoot } from "./run-as-non-root/run-as-non-root.ts";
import { seLinux } from "./se-linux/se-linux.ts";
import { seccomp } from "./seccomp/seccomp.ts";
import { secretLiterals } from "./secret-literals/secret-literals.ts";
import { serviceAccount } from "./service-account/service-account.ts";
import { sysctls } from "./sysctls/sysctls.ts";
import { volumeTypes } from "./volume-types/volume-types.ts";
import { windowsHostProcess } from "./windows-host-process/windows-host-process.ts";

/** Every rule, by what it is about: containers and pods (Pod Security Standards first), images, objects, whole stacks. */
export const RULES: readonly Rule[] = [
  privileged,
  hostNamespaces,
  hostPath,
  hostPort,
  privilegeEscalation,
  runAsNonRoot,
  seccomp,
  capabilities,
  appArmor,
  seLinux,
  procMount,
  sysctls,
  volumeTypes,
  windowsHostProcess,
  probeHost,
  readOnlyRoot,
  requestsAndLimits,
  probes,
  serviceAccount,
  secretLiterals,
  imageTag,
  imageDigest,
  registries,
  exposure,
  labels,
  replicas,
  podDisruptionBudget,
  networkPolicyCovers,
];

/** Rules on what plans come to: judged before the engine starts, by stacks/judge/budget.ts. */
export const ESTIMATE_RULES: readonly EstimateRule[] = [budget];
