// A small network: two zones, one way out.
import { AwsNetwork } from "../aws-network.ts";

export const network = new AwsNetwork("shared", {
  name: "fairway-dev",
  region: "eu-central-1",
  cidr: "10.10.0.0/16",
  cluster: "company-dev",
  zones: [
    {
      zone: "eu-central-1a",
      private: "10.10.0.0/18",
      public: "10.10.192.0/21",
      database: "10.10.224.0/21",
    },
  ],
  nat: "one",
  gateways: ["s3"],
  interfaces: ["secretsmanager"],
  flowLogs: 30,
});
