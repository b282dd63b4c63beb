// Files that pods on several nodes share.
import { AwsFiles } from "../aws-files.ts";

export const files = new AwsFiles("shared", {
  name: "fairway-prod",
  vpcId: "vpc-0123456789abcdef0",
  subnets: "subnet-0a1b2c3d4e5f60001,subnet-0a1b2c3d4e5f60002",
  zones: 2,
  key: "arn:aws:kms:eu-central-1:333333333333:key/0a1b2c3d-0001-4000-8000-000000000001",
  clusterSecurityGroup: "sg-0123456789abcdef0",
});
