import { StatefulSet, type StatefulSetArgs } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Job, type JobArgs } from "@pulumi/kubernetes/batch/v1/job.js";
import { ConfigMap, type ConfigMapArgs } from "@pulumi/kubernetes/core/v1/configMap.js";
import {
  PersistentVolumeClaim,
  type PersistentVolumeClaimArgs,
} from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import { Secret, type SecretArgs } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service, type ServiceArgs } from "@pulumi/kubernetes/core/v1/service.js";
import {
  ServiceAccount,
  type ServiceAccountArgs,
} from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import {
  type ComponentResourceOptions,
  type Input,
  type Output,
  all,
  output,
} from "@pulumi/pulumi";
import { LABELS, cut, shortHash } from "../../stacks/contract/names.ts";
import { canonicalJson } from "../../stacks/contract/value.ts";
import { FairwayComponent, type Transform } from "./component.ts";
import { hardenedPod } from "./pod.ts";
import { type ServerSpec, rotateItem } from "./server.plan.ts";

/** Where a server finds its configuration (ConfigMap), its secrets (Secret) and its data (claim). */
export const PATHS = { config: "/etc/fairway", secrets: "/run/fairway", data: "/data" } as const;

/** Changes to the children of a server. */
interface ServerTransforms {
  readonly account?: Transform<ServiceAccountArgs>;
  readonly config?: Transform<ConfigMapArgs>;
  readonly secret?: Transform<SecretArgs>;
  readonly data?: Transform<PersistentVolumeClaimArgs>;
  readonly service?: Transform<ServiceArgs>;
  readonly server?: Transform<StatefulSetArgs>;
  readonly passwords?: Transform<SecretArgs>;
  readonly rotate?: Transform<JobArgs>;
}

/** Arguments that every server takes beside its own. */
export interface ServerArgs extends ServerSpec {
  /** Number of the password; raised to change it. */
  readonly rotation: number;
  /** Letters and digits. */
  readonly password: Input<string>;
  /** Passwords of lower rotations that the server may still have, newest first. @default none */
  readonly previous?: readonly Input<string>[];
  readonly transforms?: ServerTransforms;
}

/** What one kind of server is made of. */
export interface ServerShape {
  /** User and group of the image's own account. */
  readonly user: number;
  /** Name → port. */
  readonly ports: Readonly<Record<string, number>>;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files in PATHS.config. */
  readonly config: Readonly<Record<string, string>>;
  /** Files in PATHS.secrets. */
  readonly secrets: Readonly<Record<string, Input<string>>>;
  /** Where its data is, of images that know one place only. @default PATHS.data */
  readonly dataPath?: string;
  /** Further paths that must be writable and end with the pod. */
  readonly scratch?: readonly string[];
  readonly startupProbe: core.v1.Probe;
  readonly readinessProbe: core.v1.Probe;
  readonly livenessProbe: core.v1.Probe;
  /** Ends the server where a plain SIGTERM does not end it well. */
  readonly stop?: readonly string[];
  /** Names that mean the pod itself before its Service knows it. */
  readonly ownNames?: readonly string[];
  /** Changes the password in the running server; absent: it reads the password when it starts, so it restarts. */
  readonly rotate?: {
    readonly command: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    /** Files in PATHS.secrets beside `password` and `previous-<nn>`. */
    readonly secrets?: Readonly<Record<string, Input<string>>>;
  };
}

/** Children of a server. */
export interface ServerNodes {
  readonly account: ServiceAccount;
  readonly config: ConfigMap;
  readonly secret: Secret;
  readonly data: PersistentVolumeClaim;
  readonly service: Service;
  readonly server: StatefulSet;
  readonly rotate?: Job;
}

/** How many earlier passwords the rotating Job is given. */
export const MOST_PREVIOUS = 20;

/**
 * One server on one volume: StatefulSet of one pod, claim, headless Service, ConfigMap, Secret, ServiceAccount, and
 * for rotations above 1 the Job that changes the password. The claim is a child of its own instead of the
 * StatefulSet's template, so that it can grow in place and its deletion is seen and guarded.
 */
export abstract class Server extends FairwayComponent {
  readonly nodes: ServerNodes;
  /** The password, once the server accepts it. */
  readonly password: Output<string>;

  protected constructor(
    type: string,
    name: string,
    args: ServerArgs,
    shape: ServerShape,
    opts?: ComponentResourceOptions,
  ) {
    super(type, name, opts);
    const { transforms = {} } = args;
    const metadata = {
      name: args.name,
      namespace: args.namespace,
      labels: { ...args.labels, ...args.selector },
    };
    const account = this.child(
      "account",
      ServiceAccount,
      {
        metadata,
        automountServiceAccountToken: false,
        ...(args.pullSecrets.length > 0 && {
          imagePullSecrets: args.pullSecrets.map((secret) => ({ name: secret })),
        }),
      },
      transforms.account,
    );
    const config = this.child(
      "config",
      ConfigMap,
      { metadata, data: shape.config },
      transforms.config,
    );
    const secret = this.child(
      "secret",
      Secret,
      { metadata, type: "Opaque", stringData: shape.secrets },
      transforms.secret,
    );
    const data = this.child(
      "data",
      PersistentVolumeClaim,
      {
        // Classes that bind when the first pod asks would be waited for in vain: the pod comes after the claim.
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: args.storage } },
          ...(args.storageClass !== undefined && { storageClassName: args.storageClass }),
        },
      },
      transforms.data,
    );
    const service = this.child(
      "service",
      Service,
      {
        metadata,
        spec: {
          clusterIP: "None",
          selector: args.selector,
          ports: Object.entries(shape.ports).map(([port, number]) => ({
            name: port,
            port: number,
            targetPort: number,
          })),
        },
      },
      transforms.service,
    );
    const server = this.child(
      "server",
      StatefulSet,
      statefulSet(args, shape, metadata),
      transforms.server,
      { dependsOn: [account, config, secret, data, service] },
    );
    const rotate = this.#rotate(args, shape, [server]);
    this.nodes = { account, config, secret, data, service, server, ...(rotate && { rotate }) };
    const settled = (rotate ?? server).urn;
    this.password = all([output(args.password), settled]).apply(([password]) => password);
  }

  #rotate(
    args: ServerArgs,
    { rotate, user }: ServerShape,
    dependsOn: readonly StatefulSet[],
  ): Job | undefined {
    if (rotate === undefined || args.rotation === 1) return undefined;
    const selector = {
      ...args.selector,
      [LABELS.component]: rotateItem(args.selector[LABELS.component] ?? args.name),
    };
    const labels = { ...args.labels, ...selector };
    const named = (name: string) => ({ name, namespace: args.namespace, labels });
    const secretName = cut(`${args.name}-passwords`, 63);
    const previous = (args.previous ?? [])
      .slice(0, MOST_PREVIOUS)
      .map((value, index) => [`previous-${String(index + 1).padStart(2, "0")}`, value] as const);
    const passwords = this.child(
      "passwords",
      Secret,
      {
        metadata: named(secretName),
        type: "Opaque",
        stringData: { password: args.password, ...Object.fromEntries(previous), ...rotate.secrets },
      },
      args.transforms?.passwords,
    );
    const container: core.v1.Container = {
      name: "rotate",
      image: args.image,
      command: [...rotate.command],
      env: environment(rotate.env),
      resources: {
        requests: { cpu: "50m", memory: "128Mi" },
        limits: { cpu: "500m", memory: "128Mi" },
      },
      volumeMounts: [
        { name: "config", mountPath: PATHS.config, readOnly: true },
        { name: "passwords", mountPath: PATHS.secrets, readOnly: true },
      ],
    };
    return this.child(
      `rotate-${args.rotation}`,
      Job,
      {
        metadata: named(cut(`${args.name}-rotate-${args.rotation}`, 63)),
        spec: {
          backoffLimit: 3,
          activeDeadlineSeconds: 900,
          template: {
            metadata: { labels },
            spec: hardenedPod({
              serviceAccountName: args.name,
              user,
              restartPolicy: "Never",
              containers: [container],
              volumes: [
                { name: "config", configMap: { name: args.name } },
                { name: "passwords", secret: { secretName, defaultMode: SECRET_MODE } },
              ],
            }),
          },
        },
      },
      args.transforms?.rotate,
      { dependsOn: [...dependsOn, passwords] },
    );
  }
}

/** Readable by the pod's group only. */
const SECRET_MODE = 0o440;

const environment = (env: Readonly<Record<string, string>>): core.v1.EnvVar[] =>
  Object.entries(env).map(([name, value]) => ({ name, value }));

function statefulSet(
  args: ServerArgs,
  shape: ServerShape,
  metadata: StatefulSetArgs["metadata"] & object,
): StatefulSetArgs {
  const scratch = (shape.scratch ?? []).map((path, index) => ({ name: `scratch-${index}`, path }));
  const revision = shortHash(
    canonicalJson([shape.config, shape.rotate === undefined ? args.rotation : 0]),
  );
  const container: core.v1.Container = {
    name: "server",
    image: args.image,
    command: [...shape.command],
    env: environment(shape.env ?? {}),
    ports: Object.entries(shape.ports).map(([name, containerPort]) => ({ name, containerPort })),
    resources: { requests: args.requests, limits: args.limits },
    startupProbe: shape.startupProbe,
    readinessProbe: shape.readinessProbe,
    livenessProbe: shape.livenessProbe,
    ...(shape.stop && { lifecycle: { preStop: { exec: { command: [...shape.stop] } } } }),
    volumeMounts: [
      { name: "config", mountPath: PATHS.config, readOnly: true },
      { name: "secrets", mountPath: PATHS.secrets, readOnly: true },
      { name: "data", mountPath: shape.dataPath ?? PATHS.data },
      ...scratch.map(({ name, path }) => ({ name, mountPath: path })),
    ],
  };
  return {
    metadata,
    spec: {
      replicas: 1,
      serviceName: args.name,
      // A broken revision can be replaced by a better one without a hand: OrderedReady would wait for it for ever.
      podManagementPolicy: "Parallel",
      selector: { matchLabels: args.selector },
      template: {
        metadata: {
          labels: { ...args.labels, ...args.selector },
          annotations: { "fairway.dev/revision": revision },
        },
        spec: hardenedPod({
          serviceAccountName: args.name,
          user: shape.user,
          terminationGracePeriodSeconds: 60,
          ...(shape.ownNames && {
            hostAliases: [{ ip: "127.0.0.1", hostnames: [...shape.ownNames] }],
          }),
          containers: [container],
          volumes: [
            { name: "config", configMap: { name: args.name } },
            { name: "secrets", secret: { secretName: args.name, defaultMode: SECRET_MODE } },
            { name: "data", persistentVolumeClaim: { claimName: args.name } },
            ...scratch.map(({ name }) => ({ name, emptyDir: {} })),
          ],
        }),
      },
    },
  };
}
