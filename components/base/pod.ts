import type { core } from "@pulumi/kubernetes/types/input.js";
import type { Input } from "@pulumi/pulumi";

type Container = core.v1.Container;
type PodSpec = core.v1.PodSpec;
type Volume = core.v1.Volume;

/**
 * Security context of every pod, as Pod Security's `restricted` profile demands: an image that would run as root is
 * refused by the kubelet, and the runtime's default system call filter applies.
 * Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export const POD_SECURITY = {
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
} as const;

/**
 * Security context of every container: no way to gain privileges (`no_new_privs`), no capability, and a root file
 * system that an intruder cannot write to. What must be written goes to `/tmp` or a volume.
 */
export const CONTAINER_SECURITY = {
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
} as const;

/** Group that may write to mounted volumes, since their root belongs to root otherwise. */
export const VOLUME_GROUP = 10001;

/** Name of the volume that `hardenedPod` mounts at /tmp. */
const TMP = "fairway-tmp";

/** What `hardenedPod` needs to know. */
export interface HardenedPod extends Omit<PodSpec, "containers" | "initContainers" | "volumes"> {
  /** Never the default one: rights are given to one workload, not to all of a namespace. */
  readonly serviceAccountName: Input<string>;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  /** Numeric user and group of images whose USER is a name, or that must own a data directory. */
  readonly user?: number;
  /** Whether to set VOLUME_GROUP (or `user`) on mounted volumes. Default: with `user` or a claim. */
  readonly writesVolumes?: boolean;
}

/**
 * A pod that `restricted` namespaces admit and our own rules pass: hardened security contexts, no token, no service
 * environment variables, a writable `/tmp` in every container that mounts nothing there.
 */
export function hardenedPod(pod: HardenedPod): PodSpec {
  const { user, writesVolumes, containers, initContainers, volumes = [], ...rest } = pod;
  const group =
    user ??
    ((writesVolumes ?? volumes.some((volume) => volume.persistentVolumeClaim !== undefined))
      ? VOLUME_GROUP
      : undefined);
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...rest,
    securityContext: {
      ...POD_SECURITY,
      ...(user !== undefined && { runAsUser: user, runAsGroup: user }),
      ...(group !== undefined && { fsGroup: group, fsGroupChangePolicy: "OnRootMismatch" }),
    },
    ...(initContainers?.length && { initContainers: initContainers.map(hardenedContainer) }),
    containers: containers.map(hardenedContainer),
    volumes: [{ name: TMP, emptyDir: {} }, ...volumes],
  };
}

/** The container with CONTAINER_SECURITY, a writable `/tmp`, and the end of its log as the reason when it dies. */
function hardenedContainer(container: Container): Container {
  const mounts = (container.volumeMounts ?? []) as readonly core.v1.VolumeMount[];
  return {
    terminationMessagePolicy: "FallbackToLogsOnError",
    ...container,
    securityContext: CONTAINER_SECURITY_INPUT,
    volumeMounts: mounts.some((mount) => mount.mountPath === "/tmp")
      ? [...mounts]
      : [{ name: TMP, mountPath: "/tmp" }, ...mounts],
  };
}

const CONTAINER_SECURITY_INPUT: core.v1.SecurityContext = {
  ...CONTAINER_SECURITY,
  capabilities: { drop: [...CONTAINER_SECURITY.capabilities.drop] },
};
