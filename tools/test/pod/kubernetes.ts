import { z } from "zod";
import type { KubernetesObject } from "./objects.ts";

const exec = z.strictObject({ command: z.array(z.string()) });
const port = z.union([z.int(), z.string()]);
const probe = z.object({
  exec: exec.optional(),
  httpGet: z.strictObject({ path: z.string(), port }).optional(),
  tcpSocket: z.strictObject({ port }).optional(),
});
const volume = z.strictObject({
  name: z.string(),
  emptyDir: z.strictObject({}).optional(),
  configMap: z.strictObject({ name: z.string() }).optional(),
  secret: z.strictObject({ secretName: z.string(), defaultMode: z.int() }).optional(),
  persistentVolumeClaim: z.strictObject({ claimName: z.string() }).optional(),
});
/** Closed, so that a field which the sandbox would silently ignore fails the proof. */
const container = z.strictObject({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()),
  args: z.array(z.string()).optional(),
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })).default([]),
  ports: z.array(z.strictObject({ name: z.string(), containerPort: z.int() })).default([]),
  resources: z.unknown(),
  startupProbe: probe.optional(),
  readinessProbe: probe.optional(),
  livenessProbe: probe.optional(),
  lifecycle: z.strictObject({ preStop: z.strictObject({ exec }) }).optional(),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    privileged: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    runAsNonRoot: z.literal(true),
    capabilities: z.strictObject({ drop: z.tuple([z.literal("ALL")]) }),
  }),
  terminationMessagePolicy: z.string().optional(),
  volumeMounts: z.array(
    z.strictObject({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }),
  ),
});
const podSpec = z.strictObject({
  containers: z.tuple([container]),
  volumes: z.array(volume),
  securityContext: z.object({ runAsUser: z.int(), runAsGroup: z.int(), fsGroup: z.int() }),
  hostAliases: z
    .array(z.strictObject({ ip: z.string(), hostnames: z.array(z.string()) }))
    .default([]),
  serviceAccountName: z.string(),
  automountServiceAccountToken: z.literal(false),
  enableServiceLinks: z.literal(false),
  terminationGracePeriodSeconds: z.int().optional(),
  restartPolicy: z.literal("Never").optional(),
});
const workload = z.object({
  spec: z.object({
    template: z.object({
      metadata: z.object({ annotations: z.record(z.string(), z.string()).optional() }),
      spec: podSpec,
    }),
  }),
});

/** The pod of a workload, of the form that the sandbox understands. */
export type PodSpec = z.infer<typeof podSpec>;
export type Container = z.infer<typeof container>;
export type Probe = z.infer<typeof probe>;

/** The one object of a kind, by name where there are several. */
export function objectOf(
  objects: readonly KubernetesObject[],
  kind: string,
  name?: string,
): KubernetesObject {
  const found = objects.filter(
    (object) => object.kind === kind && (name === undefined || object.metadata.name === name),
  );
  if (found.length !== 1) throw new Error(`${found.length} objects of kind ${kind} ${name ?? ""}`);
  return found[0]!;
}

/** Pod and its revision annotation, of a StatefulSet or a Job. */
export function podOf(object: KubernetesObject): { spec: PodSpec; revision?: string } {
  const { template } = workload.parse(object).spec;
  const revision = template.metadata.annotations?.["fairway.dev/revision"];
  return { spec: template.spec, ...(revision !== undefined && { revision }) };
}

/** Files of a ConfigMap or a Secret. */
export function filesOf(object: KubernetesObject): Record<string, string> {
  return z.record(z.string(), z.string()).parse(object["stringData"] ?? object["data"] ?? {});
}
