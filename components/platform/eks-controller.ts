import { type Input, output } from "@pulumi/pulumi";
import { POD_IDENTITY } from "../tenancy/network.plan.ts";
import type { EksObjectsSpec } from "./aws.plan.ts";
import { CONTROLLER } from "./aws-cluster.plan.ts";
import manifests from "./load-balancer/controller.json" with { type: "json" };

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** A manifest as an object of Kubernetes; those of a later wave need those before. */
export interface ControllerObject extends Manifest {
  readonly suffix: string;
  readonly wave: number;
}

type Controller = NonNullable<EksObjectsSpec<Input<string>>["controller"]>;
type Labels = Readonly<Record<string, string>>;

/** What must be there before what comes after it; webhooks come last, since they stop what they cannot ask about. */
const WAVES: Readonly<Record<string, number>> = {
  CustomResourceDefinition: 0,
  ServiceAccount: 0,
  Issuer: 0,
  NetworkPolicy: 0,
  Certificate: 1,
  MutatingWebhookConfiguration: 3,
  ValidatingWebhookConfiguration: 3,
};

/**
 * The manifests of the AWS Load Balancer Controller (source and licence: load-balancer/README.md) for a cluster, in a
 * namespace of the platform's own, as hardened as the pods of services are.
 */
export function controllerObjects(controller: Controller, labels: Labels): ControllerObject[] {
  const moved = JSON.stringify(manifests).replaceAll("kube-system", CONTROLLER.namespace);
  return [...(JSON.parse(moved) as Manifest[]), ...WALLS]
    .map((object) => {
      const { kind, metadata, ...rest } = object;
      const own = (metadata["labels"] ?? {}) as Labels;
      return {
        ...rest,
        ...OURS[kind]?.(object, controller, labels),
        kind,
        metadata: { ...metadata, labels: { ...own, ...labels } },
        suffix: `${kind.toLowerCase()}-${String(metadata["name"])}`,
        wave: WAVES[kind] ?? 2,
      };
    })
    .sort((a, b) => a.wave - b.wave);
}

/** What stands over the manifests, by kind. */
const OURS: Readonly<
  Record<string, (object: Manifest, controller: Controller, labels: Labels) => object>
> = {
  Deployment: (object, controller, labels) => ({
    spec: hardened(object["spec"] as DeploymentSpec, controller, labels),
  }),
  ServiceAccount: () => ({ automountServiceAccountToken: false }),
};

/** Nobody reaches the controller but the API server, at its webhooks; it reaches the APIs of the cluster and of AWS. */
const WALLS: readonly Manifest[] = [
  { name: "default-deny", spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
  {
    name: "allow-controller",
    spec: {
      podSelector: { matchLabels: { "app.kubernetes.io/name": "aws-load-balancer-controller" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ ports: [{ port: 9443, protocol: "TCP" }] }],
      egress: [
        { ports: [{ port: 443, protocol: "TCP" }] },
        {
          to: [{ ipBlock: { cidr: POD_IDENTITY } }],
          ports: [{ port: 80, protocol: "TCP" }],
        },
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            },
          ],
          ports: [
            { port: 53, protocol: "UDP" },
            { port: 53, protocol: "TCP" },
          ],
        },
      ],
    },
  },
].map(({ name, spec }) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name, namespace: CONTROLLER.namespace },
  spec,
}));

interface DeploymentSpec {
  readonly template: {
    readonly metadata: { readonly labels: Labels };
    readonly spec: {
      readonly containers: readonly [
        Readonly<Record<string, unknown>> & { readonly args: readonly string[] },
      ];
      readonly volumes: readonly object[];
      readonly securityContext: object;
    };
  };
}

/** The token of the API, of which the controller is a client: mounted by name, for an hour at a time. */
const TOKEN = {
  volume: {
    name: "token",
    projected: {
      sources: [
        { serviceAccountToken: { path: "token", expirationSeconds: 3600 } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        {
          downwardAPI: {
            items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }],
          },
        },
      ],
    },
  },
  mount: {
    name: "token",
    mountPath: "/var/run/secrets/kubernetes.io/serviceaccount",
    readOnly: true,
  },
};

/** What the controller cannot find out by itself, since pods may not ask the instance, and what holds it. */
function hardened(
  { template, ...rest }: DeploymentSpec,
  { cluster, region, vpcId, image }: Controller,
  labels: Labels,
): object {
  const { spec } = template;
  const [container] = spec.containers;
  return {
    ...rest,
    template: {
      metadata: { labels: { ...template.metadata.labels, ...labels } },
      spec: {
        ...spec,
        automountServiceAccountToken: false,
        securityContext: {
          ...spec.securityContext,
          runAsNonRoot: true,
          runAsUser: 1337,
          seccompProfile: { type: "RuntimeDefault" },
        },
        volumes: [...spec.volumes, TOKEN.volume],
        containers: [
          {
            ...container,
            image,
            args: [
              ...container.args,
              `--cluster-name=${cluster}`,
              `--aws-region=${region}`,
              output(vpcId).apply((id) => `--aws-vpc-id=${id}`),
            ],
            readinessProbe: { httpGet: { path: "/readyz", port: 61779 }, periodSeconds: 10 },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              runAsNonRoot: true,
              capabilities: { drop: ["ALL"] },
            },
            volumeMounts: [...(container["volumeMounts"] as object[]), TOKEN.mount],
          },
        ],
      },
    },
  };
}
