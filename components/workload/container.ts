import type { core } from "@pulumi/kubernetes/types/input.js";
import type { Input } from "@pulumi/pulumi";
import type { ContainerSpec, ProbeAction, ProbeSpec } from "./workload.plan.ts";

/** A container of the spec as Kubernetes writes it, before hardening. */
export function container(
  spec: ContainerSpec<Input<string>>,
  names: { readonly secret?: string | undefined; readonly cloudSecret?: string | undefined },
): core.v1.Container {
  const { name, image, livenessProbe, readinessProbe, startupProbe } = spec;
  return {
    name,
    image,
    imagePullPolicy: spec.pullPolicy,
    ...(spec.command && { command: [...spec.command] }),
    ...(spec.args && { args: [...spec.args] }),
    env: variables(spec, names),
    ports: spec.ports.map((port) => ({ ...port })),
    resources: { requests: { ...spec.resources.requests }, limits: { ...spec.resources.limits } },
    volumeMounts: [
      ...spec.mounts.map(({ volume, path, subPath, readOnly }) => ({
        name: volume,
        mountPath: path,
        ...(subPath !== undefined && { subPath }),
        readOnly,
      })),
      // The store's driver fills the Secret while a pod mounts this.
      ...(spec.cloudEnv ? [{ name: CLOUD_VOLUME, mountPath: CLOUD_PATH, readOnly: true }] : []),
    ],
    ...(spec.user !== undefined && { securityContext: { runAsUser: spec.user } }),
    ...(livenessProbe && { livenessProbe: probe(livenessProbe) }),
    ...(readinessProbe && { readinessProbe: probe(readinessProbe) }),
    ...(startupProbe && { startupProbe: probe(startupProbe) }),
    // The kubelet sleeps itself, since an image may hold no shell: endpoints forget the pod before it stops.
    ...(spec.drain !== undefined && { lifecycle: { preStop: { sleep: { seconds: spec.drain } } } }),
    ...(spec.sidecar && { restartPolicy: "Always" }),
  };
}

/** Name and path of the volume of the cloud's secrets. */
export const CLOUD_VOLUME = "cloud-secrets";
const CLOUD_PATH = "/var/run/fairway/cloud-secrets";

/** Environment variables; what others use as `$(NAME)` stands before them, as the kubelet wants it. */
function variables(
  { env, secretEnv, cloudEnv }: ContainerSpec<Input<string>>,
  names: { readonly secret?: string | undefined; readonly cloudSecret?: string | undefined },
): core.v1.EnvVar[] {
  const plain = Object.entries(env).map(([name, value]) => ({ name, value }));
  const from = (keys: Readonly<Record<string, string>>, secret: string | undefined) =>
    Object.entries(keys).map(([name, key]) => ({
      name,
      valueFrom: { secretKeyRef: { name: secret, key } },
    }));
  const hidden = from(secretEnv, names.secret);
  return (
    cloudEnv ? [...from(cloudEnv, names.cloudSecret), ...hidden, ...plain] : [...plain, ...hidden]
  ) as core.v1.EnvVar[];
}

function probe(spec: ProbeSpec): core.v1.Probe {
  return {
    ...action(spec.action),
    initialDelaySeconds: spec.initialDelay,
    periodSeconds: spec.period,
    timeoutSeconds: spec.timeout,
    failureThreshold: spec.failureThreshold,
  };
}

function action(spec: ProbeAction): core.v1.Probe {
  if ("exec" in spec) return { exec: { command: [...spec.exec] } };
  if ("tcpSocket" in spec) return { tcpSocket: { port: spec.tcpSocket.port } };
  const { path, port, scheme, host, headers } = spec.httpGet;
  return {
    httpGet: {
      path,
      port,
      scheme,
      ...(host !== undefined && { host }),
      ...(headers.length > 0 && { httpHeaders: headers.map((header) => ({ ...header })) }),
    },
  };
}
