import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Ingress, type IngressArgs } from "@pulumi/kubernetes/networking/v1/ingress.js";
import {
  IngressClass,
  type IngressClassArgs,
} from "@pulumi/kubernetes/networking/v1/ingressClass.js";
import { StorageClass, type StorageClassArgs } from "@pulumi/kubernetes/storage/v1/storageClass.js";
import type { ComponentResourceOptions, Input, Output, Resource } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import { CONTROLLER } from "./aws-cluster.plan.ts";
import type { EksObjectsSpec } from "./aws.plan.ts";
import { controllerObjects } from "./eks-controller.ts";

/** Arguments of the objects of a cluster of EKS. */
export type EksObjectsArgs = EksObjectsSpec<Input<string>> & {
  readonly transforms?: {
    /** Every StorageClass; a function sees the name. */
    readonly storageClass?: Transform<StorageClassArgs>;
    /** Every IngressClass; a function sees the name. */
    readonly ingressClass?: Transform<IngressClassArgs>;
    readonly ingress?: Transform<IngressArgs>;
  };
};

/** What says the same in Auto Mode and to the controllers of managed nodes. */
const FORMS = {
  auto: {
    params: "eks.amazonaws.com/v1",
    controller: "eks.amazonaws.com/alb",
    disks: "ebs.csi.eks.amazonaws.com",
  },
  managed: {
    params: "elbv2.k8s.aws/v1beta1",
    controller: "ingress.k8s.aws/alb",
    disks: "ebs.csi.aws.com",
  },
} as const;

/** Storage and load balancers of a cluster of EKS. Example: `examples/eks-objects.ts`. */
export class EksObjects extends FairwayComponent {
  static readonly type = "fairway:platform:EksObjects";
  /** DNS name of the load balancer that answers the internet. */
  readonly ingressHost: Output<string>;

  constructor(name: string, args: EksObjectsArgs, opts?: ComponentResourceOptions) {
    super(EksObjects.type, name, opts);
    const form = FORMS[args.mode];
    const labels = { ...args.labels };
    this.#storage(args, form.disks);
    if (args.mode === "auto")
      // Auto Mode enforces network policies where it is told to.
      this.child("network-policies", ConfigMap, {
        metadata: { name: "amazon-vpc-cni", namespace: "kube-system", labels },
        data: { "enable-network-policy-controller": "true" },
      });
    const namespace = this.child("namespace", Namespace, {
      metadata: { name: CONTROLLER.namespace, labels },
    });
    const controller = this.#controller(args, namespace);
    const classes = args.ingressClasses.map(({ name: className, scheme, group }) => {
      const params = this.child(
        `params-${className}`,
        CustomResource,
        {
          apiVersion: form.params,
          kind: "IngressClassParams",
          metadata: { name: className, labels },
          spec: {
            scheme,
            group: { name: group },
            tags: Object.entries(args.tags).map(([key, value]) => ({ key, value })),
          },
        },
        undefined,
        { dependsOn: controller },
      );
      return this.child(
        `class-${className}`,
        IngressClass,
        {
          metadata: { name: className, labels },
          spec: {
            controller: form.controller,
            parameters: {
              apiGroup: form.params.split("/")[0]!,
              kind: "IngressClassParams",
              name: className,
            },
          },
        },
        args.transforms?.ingressClass,
        { dependsOn: [params] },
      );
    });
    this.ingressHost = this.#ingress(args, classes);
    this.registerOutputs({ ingressHost: this.ingressHost });
  }

  #storage({ labels, disks, reclaim, files, transforms = {} }: EksObjectsArgs, driver: string) {
    for (const { name, key, tags } of disks)
      this.child(
        `storage-${name}`,
        StorageClass,
        {
          metadata: { name, labels: { ...labels } },
          provisioner: driver,
          parameters: { type: "gp3", encrypted: "true", kmsKeyId: key, ...tagParameters(tags) },
          volumeBindingMode: "WaitForFirstConsumer",
          allowVolumeExpansion: true,
          reclaimPolicy: reclaim,
        },
        transforms.storageClass,
        // A class cannot be changed; claims keep what they were made with.
        { deleteBeforeReplace: true },
      );
    this.child(
      `storage-${files.name}`,
      StorageClass,
      {
        metadata: { name: files.name, labels: { ...labels } },
        provisioner: "efs.csi.aws.com",
        parameters: {
          provisioningMode: "efs-ap",
          fileSystemId: files.fileSystemId,
          directoryPerms: "700",
        },
        reclaimPolicy: reclaim,
      },
      transforms.storageClass,
      { deleteBeforeReplace: true },
    );
  }

  #controller({ controller, labels }: EksObjectsArgs, namespace: Namespace): Resource[] {
    if (!controller) return [namespace];
    const made: { readonly wave: number; readonly resource: Resource }[] = [
      { wave: -1, resource: namespace },
    ];
    for (const { suffix, wave, ...object } of controllerObjects(controller, labels)) {
      const dependsOn = made.filter((before) => before.wave < wave).map(({ resource }) => resource);
      const resource = this.child(suffix, CustomResource, object, undefined, { dependsOn });
      made.push({ wave, resource });
    }
    return made.map(({ resource }) => resource);
  }

  /** An Ingress of nobody's: the load balancer stands, and has a name, before the first route and after the last. */
  #ingress(args: EksObjectsArgs, classes: Resource[]): Output<string> {
    const labels = { ...args.labels };
    const ingress = this.child(
      "ingress",
      Ingress,
      {
        metadata: {
          name: "not-found",
          namespace: CONTROLLER.namespace,
          labels,
          annotations: {
            "alb.ingress.kubernetes.io/actions.not-found": JSON.stringify({
              type: "fixed-response",
              fixedResponseConfig: {
                contentType: "text/plain",
                statusCode: "404",
                messageBody: "no such route",
              },
            }),
            "alb.ingress.kubernetes.io/certificate-arn": args.certificateArn,
            // Asked after all routes.
            "alb.ingress.kubernetes.io/group.order": "1000",
            "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP":80},{"HTTPS":443}]',
            "alb.ingress.kubernetes.io/ssl-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "alb.ingress.kubernetes.io/ssl-redirect": "443",
            "alb.ingress.kubernetes.io/target-type": "ip",
          },
        },
        spec: {
          ingressClassName: args.ingressClasses[0]!.name,
          defaultBackend: {
            service: { name: "not-found", port: { name: "use-annotation" } },
          },
        },
      },
      args.transforms?.ingress,
      { dependsOn: classes },
    );
    return ingress.status.apply(
      (status) => (status?.loadBalancer?.ingress?.[0]?.hostname ?? "") as string,
    );
  }
}

/**
 * Tags as the driver of disks reads them.
 * Source: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md
 */
const tagParameters = (tags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tags).map(([key, value], index) => [
      `tagSpecification_${index + 1}`,
      `${key}=${value}`,
    ]),
  );
