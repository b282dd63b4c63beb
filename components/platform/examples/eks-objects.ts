// Storage and load balancers of a cluster with managed nodes.
import { EksObjects } from "../eks-objects.ts";

export const objects = new EksObjects("shared", {
  labels: { "fairway.dev/environment": "prod" },
  mode: "managed",
  tags: { "fairway:service": "platform" },
  ingressClasses: [{ name: "alb", scheme: "internet-facing", group: "fairway-prod-public" }],
  disks: [
    {
      name: "fairway-gp3-internal",
      key: "arn:aws:kms:eu-central-1:333333333333:key/0a1b2c3d-0001-4000-8000-000000000001",
      tags: { "fairway:service": "platform", "fairway:data-class": "internal" },
    },
  ],
  reclaim: "Retain",
  files: { name: "fairway-efs", fileSystemId: "fs-0123456789abcdef0" },
  certificateArn:
    "arn:aws:acm:eu-central-1:333333333333:certificate/0a1b2c3d-0005-4000-8000-000000000005",
  controller: {
    cluster: "company-prod",
    region: "eu-central-1",
    vpcId: "vpc-0123456789abcdef0",
    image: "public.ecr.aws/eks/aws-load-balancer-controller:v2.7.2",
  },
});
