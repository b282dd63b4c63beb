// What services need once in an account.
import { AwsDefaults } from "../aws-defaults.ts";

export const defaults = new AwsDefaults("shared", {
  databaseSubnets: "subnet-0a1b2c3d4e5f60021,subnet-0a1b2c3d4e5f60022",
  subnetGroups: {
    rds: "fairway-prod-database",
    elasticache: "fairway-prod-cache",
    docdb: "fairway-prod-docdb",
  },
  account: "333333333333",
  logBucket: "fairway-prod-access-logs-333333333333",
  logs: 90,
});
