import { describe, expect, it, test } from "vitest";
import type { ResourceView } from "../../stacks/contract/finding.ts";
import { recordProgram } from "../../stacks/record/record.ts";
import { AwsCluster } from "./aws-cluster.ts";

const EXAMPLES = {
  "aws-cluster": () => import("./examples/aws-cluster.ts"),
  "aws-defaults": () => import("./examples/aws-defaults.ts"),
  "aws-domain": () => import("./examples/aws-domain.ts"),
  "aws-files": () => import("./examples/aws-files.ts"),
  "aws-keys": () => import("./examples/aws-keys.ts"),
  "aws-network": () => import("./examples/aws-network.ts"),
  "eks-objects": () => import("./examples/eks-objects.ts"),
};

const CLUSTER = {
  prefix: "fairway-prod",
  name: "company-prod",
  version: "1.35",
  support: "standard",
  subnets: "subnet-0a,subnet-0b",
  secretsKey: "arn:aws:kms:eu-central-1:333333333333:key/1",
  diskKeys: [],
  logs: 365,
  protect: true,
  access: [],
  tags: {},
} as const;
const NODES = { instanceTypes: ["m7g.large"], arm: true, min: 3, max: 12, disk: 60 };

const views = new Map<string, ResourceView[]>();
const register = async (name: keyof typeof EXAMPLES): Promise<ResourceView[]> => {
  const found = views.get(name) ?? (await recordProgram("example.prod", EXAMPLES[name]));
  views.set(name, found);
  return found;
};
const of = async (name: keyof typeof EXAMPLES, type: string) =>
  (await register(name))
    .filter((view) => view.type === type)
    .map(({ props }) => props as Readonly<Record<string, unknown>>);

describe.each(Object.keys(EXAMPLES) as (keyof typeof EXAMPLES)[])("example %s", (name) => {
  it("registers what it registered before", async () => {
    // The manifests of the controller are data of others: what is ours of them is tested below.
    const told = (await register(name)).map(({ name: logical, type, props }) =>
      /CustomResourceDefinition|WebhookConfiguration|ClusterRole/.test(type)
        ? { name: logical, type }
        : { name: logical, type, props },
    );
    expect(told).toMatchSnapshot();
  });
});

test("databases have no way out, and nobody reaches anything by a default", async () => {
  const routes = await of("aws-network", "aws:ec2/route:Route");
  expect(routes.map((route) => Object.keys(route).sort())).toEqual([
    ["destinationCidrBlock", "natGatewayId", "routeTableId"],
    ["destinationCidrBlock", "gatewayId", "routeTableId"],
  ]);
  const tables = await register("aws-network");
  const id = tables.find(({ name }) => name === "shared-routes-database");
  expect(id).toBeDefined();
  expect(
    await of("aws-network", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"),
  ).toMatchObject([{ ingress: [], egress: [] }]);
  for (const subnet of await of("aws-network", "aws:ec2/subnet:Subnet"))
    expect(subnet["mapPublicIpOnLaunch"]).toBe(false);
});

test("a cluster logs all, is private, encrypts secrets, and knows nobody but by its access entries", async () => {
  const [cluster] = await of("aws-cluster", "aws:eks/cluster:Cluster");
  expect(cluster).toMatchObject({
    version: "1.35",
    upgradePolicy: { supportType: "EXTENDED" },
    deletionProtection: true,
    enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: false },
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
    encryptionConfig: { resources: ["secrets"] },
  });
  const [template] = await of("aws-cluster", "aws:ec2/launchTemplate:LaunchTemplate");
  expect(template?.["metadataOptions"]).toMatchObject({
    httpTokens: "required",
    httpPutResponseHopLimit: 1,
  });
  const addons = await of("aws-cluster", "aws:eks/addon:Addon");
  expect(addons.map((addon) => addon["addonName"]).sort()).toEqual([
    "aws-ebs-csi-driver",
    "aws-efs-csi-driver",
    "aws-secrets-store-csi-driver-provider",
    "cert-manager",
    "coredns",
    "eks-pod-identity-agent",
    "kube-proxy",
    "vpc-cni",
  ]);
  const cni = addons.find((addon) => addon["addonName"] === "vpc-cni");
  expect(JSON.parse(String(cni?.["configurationValues"]))).toMatchObject({
    enableNetworkPolicy: "true",
    env: { ENABLE_POD_ENI: "true" },
  });
});

test("what controllers make has the stack's tags, too", async () => {
  const [template] = await of("aws-cluster", "aws:ec2/launchTemplate:LaunchTemplate");
  const tags = { Name: "fairway-prod-node", "fairway:service": "cloud" };
  expect(template?.["tagSpecifications"]).toEqual([
    { resourceType: "instance", tags },
    { resourceType: "volume", tags },
  ]);
  const params = await of("eks-objects", "kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams");
  expect(params).toMatchObject([
    { spec: { tags: [{ key: "fairway:service", value: "platform" }] } },
  ]);
  const [files, disks] = await of("eks-objects", "kubernetes:storage.k8s.io/v1:StorageClass");
  expect(disks?.["parameters"]).toMatchObject({
    tagSpecification_1: "fairway:service=platform",
    tagSpecification_2: "fairway:data-class=internal",
  });
  expect(JSON.stringify(files)).not.toContain("tagSpecification");
});

test("Auto Mode may tag what it makes, which its own policies forbid; managed nodes need no such right", async () => {
  const rolePolicies = async (auto: boolean) => {
    const recorded = await recordProgram("example.prod", () =>
      Promise.resolve(new AwsCluster("shared", { ...CLUSTER, ...(auto ? {} : { nodes: NODES }) })),
    );
    return recorded.filter(({ name }) => name === "shared-cluster-tags").map(({ props }) => props);
  };
  const [policy] = await rolePolicies(true);
  const { Statement } = JSON.parse(String(policy?.["policy"])) as { Statement: object[] };
  const cluster = {
    "aws:RequestTag/eks:eks-cluster-name": "${aws:PrincipalTag/eks:eks-cluster-name}",
  };
  expect(Statement).toMatchObject([
    { Sid: "Disks", Condition: { StringEquals: cluster } },
    { Sid: "LoadBalancers", Condition: { StringEquals: cluster } },
  ]);
  expect(await rolePolicies(false)).toEqual([]);
});

test("the Load Balancer Controller is hardened, and told what it cannot find out", async () => {
  const [deployment] = await of("eks-objects", "kubernetes:apps/v1:Deployment");
  const { template } = deployment!["spec"] as { template: { spec: Record<string, unknown> } };
  expect(template.spec).toMatchObject({
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        image: "public.ecr.aws/eks/aws-load-balancer-controller:v2.7.2",
        args: [
          "--metrics-bind-addr=:9442",
          "--cluster-name=company-prod",
          "--aws-region=eu-central-1",
          "--aws-vpc-id=vpc-0123456789abcdef0",
        ],
        securityContext: { capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
      },
    ],
  });
  expect(JSON.stringify(await register("eks-objects"))).not.toMatch(/"namespace":"kube-system"/);
});

test("keys are changed every year, and are the account's and its services' alone", async () => {
  const keys = await of("aws-keys", "aws:kms/key:Key");
  expect(keys.map((key) => key["enableKeyRotation"])).toEqual([true, true]);
  for (const key of keys) {
    const { Statement } = JSON.parse(String(key["policy"])) as {
      Statement: { Principal: object }[];
    };
    expect(Statement.map(({ Principal }) => Principal)).toEqual([
      { AWS: "arn:aws:iam::333333333333:root" },
      { Service: ["sns.amazonaws.com", "s3.amazonaws.com"] },
    ]);
  }
});
