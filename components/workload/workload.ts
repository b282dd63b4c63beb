import {
  CustomResource,
  type CustomResourceArgs,
} from "@pulumi/kubernetes/apiextensions/customResource.js";
import {
  HorizontalPodAutoscaler,
  type HorizontalPodAutoscalerArgs,
} from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import { ConfigMap, type ConfigMapArgs } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret, type SecretArgs } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service, type ServiceArgs } from "@pulumi/kubernetes/core/v1/service.js";
import {
  PodDisruptionBudget,
  type PodDisruptionBudgetArgs,
} from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type { core, meta } from "@pulumi/kubernetes/types/input.js";
import { type Input, type Resource, all, output, secret } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import { hardenedPod } from "../base/pod.ts";
import { CLOUD_VOLUME, container } from "./container.ts";
import { type CloudSecretSpec, SCALING_API, type WorkloadSpec } from "./workload.plan.ts";

/** A workload's spec as components take it. */
export type Workload = WorkloadSpec<Input<string>>;

/** Transforms of the children that every kind of workload may have. */
export interface WorkloadTransforms {
  /** The ConfigMap with plain files. */
  readonly config?: Transform<ConfigMapArgs>;
  /** The Secret with secret variables and files. */
  readonly secret?: Transform<SecretArgs>;
  /** The SecretProviderClass of the cloud's secrets. */
  readonly cloudSecret?: Transform<CustomResourceArgs>;
  /** The Service in front. */
  readonly service?: Transform<ServiceArgs>;
  /** The HorizontalPodAutoscaler. */
  readonly autoscaler?: Transform<HorizontalPodAutoscalerArgs>;
  /** The ScaledObject, which is there instead where the scaling has windows. */
  readonly scaledObject?: Transform<CustomResourceArgs>;
  /** The PodDisruptionBudget. */
  readonly disruption?: Transform<PodDisruptionBudgetArgs>;
}

/** What the kinds of workload share: the pod, and the objects around it. */
export abstract class WorkloadComponent extends FairwayComponent {
  /** ConfigMap and Secret of the spec, the ones it has: names are static, so that updates happen in place. */
  protected data(spec: Workload, transforms: WorkloadTransforms): Resource[] {
    const nodes: Resource[] = [];
    if (spec.config) {
      const { name, data, binaryData } = spec.config;
      const args = { metadata: metadata(spec, name), data: { ...data }, ...binary(binaryData) };
      nodes.push(this.child("config", ConfigMap, args, transforms.config));
    }
    if (spec.secret) {
      const { name, data, binaryData } = spec.secret;
      const encoded = Object.entries(data).map(
        ([key, text]) => [key, secret(output(text).apply(base64))] as const,
      );
      const args = {
        metadata: metadata(spec, name),
        type: "Opaque",
        data: { ...Object.fromEntries(encoded), ...binaryData },
      };
      nodes.push(this.child("secret", Secret, args, transforms.secret));
    }
    if (spec.cloudSecret)
      nodes.push(
        this.child(
          "cloud-secret",
          CustomResource,
          providerClass(spec, spec.cloudSecret),
          transforms.cloudSecret,
        ),
      );
    return nodes;
  }

  /** The Service in front of the pods. */
  protected service(spec: Workload, transforms: WorkloadTransforms): Service | undefined {
    if (!spec.service) return undefined;
    const { name, headless, ports } = spec.service;
    const args: ServiceArgs = {
      metadata: metadata(spec, name),
      spec: {
        type: "ClusterIP",
        ...(headless && { clusterIP: "None" }),
        selector: { ...spec.selector },
        ports: ports.map((port) => ({ ...port })),
      },
    };
    return this.child("service", Service, args, transforms.service);
  }

  /** The autoscaler of a Deployment or StatefulSet of the spec's name. */
  protected autoscaler(
    spec: Workload,
    kind: "Deployment" | "StatefulSet",
    transforms: WorkloadTransforms,
  ): Autoscaler | undefined {
    if (!spec.scaling) return undefined;
    const { min, max, metrics, windows = [] } = spec.scaling;
    const scaleTargetRef = { apiVersion: "apps/v1", kind, name: spec.name };
    if (windows.length > 0)
      return this.child(
        "autoscaler",
        CustomResource,
        scaledObject(spec, spec.scaling, scaleTargetRef),
        transforms.scaledObject,
        // KEDA refuses a workload that another autoscaler has: one that was written before goes first.
        { aliases: [{ type: HPA_TYPE }], deleteBeforeReplace: true },
      );
    const args: HorizontalPodAutoscalerArgs = {
      metadata: metadata(spec, spec.name),
      spec: {
        scaleTargetRef,
        minReplicas: min,
        maxReplicas: max,
        metrics: metrics.map(({ resource, utilization }) => ({
          type: "Resource",
          resource: {
            name: resource,
            target: { type: "Utilization", averageUtilization: utilization },
          },
        })),
      },
    };
    return this.child("autoscaler", HorizontalPodAutoscaler, args, transforms.autoscaler);
  }

  /** How many pods may be away at once when a node is emptied. */
  protected disruption(
    spec: Workload,
    transforms: WorkloadTransforms,
  ): PodDisruptionBudget | undefined {
    if (!spec.disruption) return undefined;
    const args: PodDisruptionBudgetArgs = {
      metadata: metadata(spec, spec.name),
      spec: {
        maxUnavailable: spec.disruption.maxUnavailable,
        selector: { matchLabels: { ...spec.selector } },
        // A pod that is not ready protects nothing: do not let it block a node's maintenance for ever.
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    };
    return this.child("disruption", PodDisruptionBudget, args, transforms.disruption);
  }
}

/**
 * What is read from AWS Secrets Manager, with the pods' own identity, and into which Secret.
 * Source: https://github.com/aws/secrets-store-csi-driver-provider-aws
 */
function providerClass(
  spec: Workload,
  { name, region, objects }: CloudSecretSpec<Input<string>>,
): CustomResourceArgs {
  const secrets = all(objects.map(({ secret: arn }) => arn)).apply((arns) =>
    JSON.stringify(
      [...new Set(arns)].map((arn) => ({
        objectName: arn,
        // Asked for where the name is not a whole ARN.
        objectType: "secretsmanager",
        jmesPath: objects
          .filter((_, index) => arns[index] === arn)
          .map(({ key, property }) => ({ path: quoted(property), objectAlias: key })),
      })),
    ),
  );
  return {
    apiVersion: "secrets-store.csi.x-k8s.io/v1",
    kind: "SecretProviderClass",
    metadata: metadata(spec, name),
    spec: {
      provider: "aws",
      parameters: { region, usePodIdentity: "true", objects: secrets },
      secretObjects: [
        {
          secretName: name,
          type: "Opaque",
          labels: { ...spec.labels },
          data: objects.map(({ key }) => ({ objectName: key, key })),
        },
      ],
    },
  };
}

/** What decides over the number of replicas. */
export type Autoscaler = HorizontalPodAutoscaler | CustomResource;

const HPA_TYPE = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";

/** What KEDA scales by: a window is a floor while it lasts, and the greatest wish of all triggers wins. */
function scaledObject(
  spec: Workload,
  { min, max, metrics, windows = [] }: NonNullable<Workload["scaling"]>,
  scaleTargetRef: { readonly apiVersion: string; readonly kind: string; readonly name: string },
): CustomResourceArgs {
  return {
    apiVersion: SCALING_API,
    kind: "ScaledObject",
    metadata: metadata(spec, spec.name),
    spec: {
      scaleTargetRef,
      minReplicaCount: min,
      maxReplicaCount: max,
      triggers: [
        ...windows.map(({ from, to, timeZone, replicas }) => ({
          type: "cron",
          metadata: {
            start: from,
            end: to,
            timezone: timeZone,
            desiredReplicas: String(replicas),
          },
        })),
        ...metrics.map(({ resource, utilization }) => ({
          type: resource,
          metricType: "Utilization",
          metadata: { value: String(utilization) },
        })),
      ],
    },
  };
}

/** A JMESPath identifier. */
const quoted = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : `"${name}"`);

/** Metadata of an object of the workload. */
export function metadata(
  spec: Workload,
  name: string,
  annotations: Readonly<Record<string, string>> = {},
): meta.v1.ObjectMeta {
  return {
    name,
    namespace: spec.namespace,
    labels: { ...spec.labels },
    ...(Object.keys(annotations).length > 0 && { annotations: { ...annotations } }),
  };
}

/**
 * The pod: hardened, spread over nodes and zones where there are several.
 * @param restart `Always` for servers; jobs leave a failed pod with its log and start a new one.
 */
export function podTemplate(spec: Workload, restart: "Always" | "Never"): core.v1.PodTemplateSpec {
  const names = { secret: spec.secret?.name, cloudSecret: spec.cloudSecret?.name };
  const build = (one: Workload["containers"][number]) => container(one, names);
  return {
    metadata: {
      labels: { ...spec.labels, ...spec.selector },
      ...(Object.keys(spec.podAnnotations).length > 0 && {
        annotations: { ...spec.podAnnotations },
      }),
    },
    spec: hardenedPod({
      serviceAccountName: spec.account,
      priorityClassName: spec.priorityClass,
      terminationGracePeriodSeconds: spec.terminationGrace,
      initContainers: spec.initContainers.map(build),
      containers: spec.containers.map(build),
      volumes: [
        ...spec.volumes.map(({ name, source }) => ({ name, ...source }) as core.v1.Volume),
        ...(spec.cloudSecret ? [cloudVolume(spec.cloudSecret.name)] : []),
      ],
      ...(spec.claims.length > 0 && { writesVolumes: true }),
      ...(restart === "Always"
        ? { topologySpreadConstraints: SPREAD_OVER.map((key) => spread(key, spec.selector)) }
        : { restartPolicy: restart }),
    }),
  };
}

/** The volume whose mounting fills the Secret with the cloud's secrets. */
const cloudVolume = (name: string): core.v1.Volume => ({
  name: CLOUD_VOLUME,
  csi: {
    driver: "secrets-store.csi.k8s.io",
    readOnly: true,
    volumeAttributes: { secretProviderClass: name },
  },
});

const SPREAD_OVER = ["kubernetes.io/hostname", "topology.kubernetes.io/zone"] as const;

/** Prefers, never demands: a small cluster runs everything on one node. */
function spread(
  topologyKey: string,
  selector: Readonly<Record<string, string>>,
): core.v1.TopologySpreadConstraint {
  return {
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { ...selector } },
  };
}

const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");

const binary = (data: Readonly<Record<string, string>>) =>
  Object.keys(data).length > 0 ? { binaryData: { ...data } } : {};
