/** What an add-on is called, what it is told, and the role its pods have by EKS pod identity. */
export interface AddonSpec {
  readonly name: string;
  readonly configuration?: object;
  readonly identity?: {
    readonly serviceAccount: string;
    /** Policies of AWS's own, by name. */
    readonly policies: readonly string[];
    /** Disks that it makes are encrypted with the environment's keys. */
    readonly diskKeys?: boolean;
  };
  /** Has pods, which need nodes: added after them. */
  readonly afterNodes: boolean;
}

/** Where the Load Balancer Controller lives, and the Ingress that keeps its load balancer. */
export const CONTROLLER = {
  namespace: "fairway-ingress",
  serviceAccount: "aws-load-balancer-controller",
} as const;

/**
 * Secrets of AWS as volumes and Secrets of Kubernetes; the driver comes with the provider. It reads them as the pod that
 * mounts them, so that it needs no role.
 */
const SECRETS: AddonSpec = {
  name: "aws-secrets-store-csi-driver-provider",
  configuration: {
    "secrets-store-csi-driver": { syncSecret: { enabled: true }, enableSecretRotation: true },
  },
  afterNodes: true,
};

const FILES: AddonSpec = {
  name: "aws-efs-csi-driver",
  identity: {
    serviceAccount: "efs-csi-controller-sa",
    policies: ["service-role/AmazonEFSCSIDriverPolicy"],
  },
  afterNodes: true,
};

/**
 * Add-ons of a cluster, in order. Auto Mode brings network, DNS, pod identity, disks and load balancing itself.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html
 */
export const ADDONS: Readonly<Record<"auto" | "managed", readonly AddonSpec[]>> = {
  auto: [FILES, SECRETS],
  managed: [
    { name: "eks-pod-identity-agent", afterNodes: false },
    {
      name: "vpc-cni",
      configuration: {
        enableNetworkPolicy: "true",
        // Pods with a security group of their own keep network policies, DNS of the node and probes.
        env: { ENABLE_POD_ENI: "true", POD_SECURITY_GROUP_ENFORCING_MODE: "standard" },
        init: { env: { DISABLE_TCP_EARLY_DEMUX: "true" } },
      },
      identity: { serviceAccount: "aws-node", policies: ["AmazonEKS_CNI_Policy"] },
      afterNodes: false,
    },
    { name: "kube-proxy", afterNodes: false },
    { name: "coredns", afterNodes: true },
    {
      name: "aws-ebs-csi-driver",
      identity: {
        serviceAccount: "ebs-csi-controller-sa",
        policies: ["service-role/AmazonEBSCSIDriverPolicy"],
        diskKeys: true,
      },
      afterNodes: true,
    },
    FILES,
    SECRETS,
    // Gives the webhooks of the Load Balancer Controller their certificate.
    { name: "cert-manager", afterNodes: true },
  ],
};

/** Policies of AWS's own that the roles of cluster and nodes have. */
export const ROLES = {
  auto: {
    cluster: [
      "AmazonEKSClusterPolicy",
      "AmazonEKSComputePolicy",
      "AmazonEKSBlockStoragePolicy",
      "AmazonEKSLoadBalancingPolicy",
      "AmazonEKSNetworkingPolicy",
    ],
    nodes: ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"],
  },
  managed: {
    cluster: ["AmazonEKSClusterPolicy", "AmazonEKSVPCResourceController"],
    nodes: ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"],
  },
} as const;

/** All that the control plane can log. */
export const LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;
