import type { core } from "@pulumi/kubernetes/types/input.js";
import type { Input } from "@pulumi/pulumi";
import type { ContainerSpec, ProbeAction, ProbeSpec } from "./workload.plan.ts";

/** A container of the spec as Kubernetes writes it, before hardening. */
export function container(
  spec: ContainerSpec<Input<string>>,
  secretName: string | undefined,
): core.v1.Container {
  const { name, image, livenessProbe, readinessProbe, startupProbe } = spec;
  return {
    name,
    image,
    imagePullPolicy: spec.pullPolicy,
    ...(spec.command && { command: [...spec.command] }),
    ...(spec.args && { args: [...spec.args] }),
    env: [
      ...Object.entries(spec.env).map(([key, value]) => ({ name: key, value })),
      ...Object.entries(spec.secretEnv).map(([key, secretKey]) => ({
        name: key,
        valueFrom: { secretKeyRef: { name: secretName, key: secretKey } },
      })),
    ] as core.v1.EnvVar[],
    ports: spec.ports.map((port) => ({ ...port })),
    resources: { requests: { ...spec.resources.requests }, limits: { ...spec.resources.limits } },
    volumeMounts: spec.mounts.map(({ volume, path, subPath, readOnly }) => ({
      name: volume,
      mountPath: path,
      ...(subPath !== undefined && { subPath }),
      readOnly,
    })),
    ...(livenessProbe && { livenessProbe: probe(livenessProbe) }),
    ...(readinessProbe && { readinessProbe: probe(readinessProbe) }),
    ...(startupProbe && { startupProbe: probe(startupProbe) }),
    // The kubelet sleeps itself, since an image may hold no shell: endpoints forget the pod before it stops.
    ...(spec.drain !== undefined && { lifecycle: { preStop: { sleep: { seconds: spec.drain } } } }),
    ...(spec.sidecar && { restartPolicy: "Always" }),
  };
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
