// A private cluster with managed nodes.
import { AwsCluster } from "../aws-cluster.ts";

const key = "arn:aws:kms:eu-central-1:333333333333:key/0a1b2c3d-0001-4000-8000-000000000001";

export const cluster = new AwsCluster("shared", {
  prefix: "fairway-prod",
  name: "company-prod",
  version: "1.35",
  support: "extended",
  subnets: "subnet-0a1b2c3d4e5f60001,subnet-0a1b2c3d4e5f60002",
  secretsKey: key,
  diskKeys: [key],
  logs: 365,
  protect: true,
  access: [
    {
      role: "arn:aws:iam::333333333333:role/fairway-prod-write",
      policy: "AmazonEKSClusterAdminPolicy",
    },
  ],
  tags: { "fairway:service": "cloud" },
  nodes: { instanceTypes: ["m7g.large"], arm: true, min: 3, max: 12, disk: 60 },
});
