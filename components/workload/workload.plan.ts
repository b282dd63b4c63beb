import type { Json, Text } from "../../stacks/contract/value.ts";

/** How a probe asks. */
export type ProbeAction =
  | {
      /** As the kubelet reads it, as a container's `command` is. */
      readonly exec: readonly string[];
    }
  | {
      readonly httpGet: {
        readonly path: string;
        /** Container port. */
        readonly port: number;
        readonly scheme: "HTTP" | "HTTPS";
        /** Host header's name to connect to; default the pod's address. */
        readonly host?: string;
        readonly headers: readonly { readonly name: string; readonly value: string }[];
      };
    }
  | { readonly tcpSocket: { readonly port: number } };

/** A probe with all of its timings decided. */
export interface ProbeSpec {
  /** How it asks. */
  readonly action: ProbeAction;
  /** Seconds before the first question. */
  readonly initialDelay: number;
  /** Seconds between questions. */
  readonly period: number;
  /** Seconds until a question counts as failed. */
  readonly timeout: number;
  /** Failures in a row until action is taken. */
  readonly failureThreshold: number;
}

/** A volume seen by a container. */
export interface MountSpec {
  /** Name of one of the pod's volumes, or of a claim template. */
  readonly volume: string;
  /** Absolute path in the container. */
  readonly path: string;
  /** Path in the volume; absent: all of it. */
  readonly subPath?: string;
  /** Whether the container may not write to it. */
  readonly readOnly: boolean;
}

/** CPU and memory, as Kubernetes quantities. */
export interface ComputeSpec {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}

/** One container of a pod. */
export interface ContainerSpec<T = Text> {
  /** Name in the pod. */
  readonly name: string;
  /** Image reference. */
  readonly image: string;
  /** When the image is fetched: always where its tag could move and the environment cannot know. */
  readonly pullPolicy: "IfNotPresent" | "Always";
  /** Entry point; absent: the image's. The kubelet reads it, `args` and `env`: `$$` is a dollar, `$(NAME)` a variable. */
  readonly command?: readonly string[];
  /** Arguments; absent: the image's. */
  readonly args?: readonly string[];
  /** Plain environment variables, names in order. */
  readonly env: Readonly<Record<string, T>>;
  /** Environment variables with secrets: name → key in the spec's `secret`. */
  readonly secretEnv: Readonly<Record<string, string>>;
  /** Environment variables with secrets that the cloud holds: name → key in the spec's `cloudSecret`. `env` may use them as `$(NAME)`. */
  readonly cloudEnv?: Readonly<Record<string, string>>;
  /** Numeric user, of images that would run as root. */
  readonly user?: number;
  /** Ports it listens on, names in order. */
  readonly ports: readonly {
    readonly name: string;
    readonly containerPort: number;
    readonly protocol: "TCP" | "UDP";
  }[];
  /** CPU and memory. */
  readonly resources: ComputeSpec;
  /** Volumes it sees. */
  readonly mounts: readonly MountSpec[];
  /** Restarts the container when it fails. */
  readonly livenessProbe?: ProbeSpec;
  /** Takes the pod out of its Service while it fails. */
  readonly readinessProbe?: ProbeSpec;
  /** Holds the other probes back until it succeeds once. */
  readonly startupProbe?: ProbeSpec;
  /** Seconds to go on serving after the pod was taken out of its Service (a preStop sleep); absent: none. */
  readonly drain?: number;
  /** An init container that runs beside the others, a native sidecar (`restartPolicy: Always`). */
  readonly sidecar?: true;
}

/** A volume of the pod: a name, and its source as Kubernetes writes it, such as `{persistentVolumeClaim: {claimName}}`. */
export interface VolumeSpec {
  /** Name in the pod. */
  readonly name: string;
  /** One member, named for the kind of volume. */
  readonly source: Readonly<Record<string, Json>>;
}

/** A volume of its own for each replica (StatefulSet's volumeClaimTemplates). */
export interface ClaimSpec {
  /** Name of the template, which mounts refer to. */
  readonly name: string;
  /** Kubernetes quantity. */
  readonly size: string;
  /** Storage class; absent: the cluster's default. */
  readonly storageClass?: string;
  /** How many nodes may use it. */
  readonly accessModes: readonly string[];
}

/** A Kubernetes Service in front of the pods. */
interface ServiceSpec {
  /** Name of the Service: the host that others call. */
  readonly name: string;
  /** Whether it has no address of its own (StatefulSet's governing Service). */
  readonly headless: boolean;
  /** Published ports, names in order. */
  readonly ports: readonly {
    readonly name: string;
    readonly port: number;
    readonly targetPort: number;
    readonly protocol: "TCP" | "UDP";
  }[];
}

/** A window of an autoscaler. */
export interface WindowSpec {
  /** Cron expression of its begin, five fields. */
  readonly from: string;
  /** Cron expression of its end, five fields. */
  readonly to: string;
  /** IANA name of the time zone of both. */
  readonly timeZone: string;
  /** Replicas that run at least while it lasts. */
  readonly replicas: number;
}

/** A HorizontalPodAutoscaler; with windows, which it does not know, a ScaledObject of KEDA, which makes one itself. */
export interface ScalingSpec {
  /** Least replicas. */
  readonly min: number;
  /** Most replicas. */
  readonly max: number;
  /** What is measured: percent of the request at which replicas are added. */
  readonly metrics: readonly {
    readonly resource: "cpu" | "memory";
    readonly utilization: number;
  }[];
  /** What the clock adds; absent: nothing. */
  readonly windows?: readonly WindowSpec[];
}

/** API of ScaledObject, which KEDA's CustomResourceDefinition brings. */
export const SCALING_API = "keda.sh/v1alpha1";

/** Texts that containers read as files or secret variables: one ConfigMap and one Secret at most. */
export interface DataSpec<T = Text> {
  /** Name of the ConfigMap or Secret. */
  readonly name: string;
  /** Key → text. */
  readonly data: Readonly<Record<string, T>>;
  /** Key → base64. */
  readonly binaryData: Readonly<Record<string, string>>;
}

/** Secrets of the cloud's store, synchronised into a Kubernetes Secret while pods that read them run. */
export interface CloudSecretSpec<T = Text> {
  /** Name of the SecretProviderClass and of the Secret. */
  readonly name: string;
  /** Region of the store. */
  readonly region: string;
  /** Keys of the Secret, in order. */
  readonly objects: readonly {
    readonly key: string;
    /** ARN of the secret in the store. */
    readonly secret: T;
    /** Member of its JSON document. */
    readonly property: string;
  }[];
}

/** What runs: the arguments of WebService, Worker, Stateful, ScheduledJob and Job, with everything decided. */
export interface WorkloadSpec<T = Text> {
  /** Name of every object. */
  readonly name: string;
  /** Namespace of every object. */
  readonly namespace: string;
  /** Labels of every object and of the pods, `selector` among them. */
  readonly labels: Readonly<Record<string, string>>;
  /** Labels that select the pods, and nothing that may ever change. */
  readonly selector: Readonly<Record<string, string>>;
  /** Annotations of the workload object. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Annotations of the pods, `fairway.dev/revision` among them: pods restart when it changes. */
  readonly podAnnotations: Readonly<Record<string, string>>;
  /** ServiceAccount of the pods. */
  readonly account: string;
  /** PriorityClass of the pods. */
  readonly priorityClass: string;
  /** Seconds between the polite and the hard end of a pod. */
  readonly terminationGrace: number;
  /** Containers that run before the others, in order; sidecars stay. */
  readonly initContainers: readonly ContainerSpec<T>[];
  /** Containers, names in order. */
  readonly containers: readonly ContainerSpec<T>[];
  /** Volumes of the pod, the ones of `config` and `secret` among them. */
  readonly volumes: readonly VolumeSpec[];
  /** Volumes of each replica; of Stateful only. */
  readonly claims: readonly ClaimSpec[];
  /** ConfigMap with plain files; absent: none. */
  readonly config?: DataSpec<T>;
  /** Secret with secret variables and files; absent: none. */
  readonly secret?: DataSpec<T>;
  /** Secrets that the cloud holds; absent: none. */
  readonly cloudSecret?: CloudSecretSpec<T>;
  /** Service in front; absent: nobody calls it. */
  readonly service?: ServiceSpec;
  /** Replicas; absent with `scaling`, whose autoscaler then owns the number, and for jobs. */
  readonly replicas?: number;
  /** Autoscaler; absent: `replicas` is fixed. */
  readonly scaling?: ScalingSpec;
  /** PodDisruptionBudget; absent: none, as for a single replica, which it would pin to its node. */
  readonly disruption?: { readonly maxUnavailable: number };
  /** How a Deployment replaces pods: `recreate` where two cannot share a volume. */
  readonly strategy: "rolling" | "recreate";
  /** Schedule of ScheduledJob. */
  readonly schedule?: {
    /** Cron expression, five fields. */
    readonly cron: string;
    /** IANA name. */
    readonly timeZone: string;
    /** Seconds a run may start late. */
    readonly startingDeadline: number;
    /** Finished runs that are kept. */
    readonly history: { readonly succeeded: number; readonly failed: number };
  };
  /** Run to completion, of ScheduledJob and Job. */
  readonly job?: {
    /** Tries after the first. */
    readonly retries: number;
    /** Seconds until a run is ended. */
    readonly deadline: number;
  };
}
