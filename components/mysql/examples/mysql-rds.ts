// MySQL 8.4 in one zone, that may be thrown away, with a window for maintenance set by a transform.
import { MysqlRds } from "../mysql-rds.ts";

export const server = new MysqlRds("orders-store", {
  name: "orders-store-dev",
  vpcId: "vpc-0123456789abcdef0",
  subnetGroup: "fairway-dev-database",
  key: "arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab",
  engine: "mysql",
  version: "8.4",
  majorUpgrade: false,
  nodeClass: "db.t4g.small",
  ha: false,
  storage: 20,
  username: "fairway",
  database: "orders",
  backups: 1,
  logs: 30,
  protect: false,
  applyImmediately: true,
  transforms: { instance: { maintenanceWindow: "sun:03:00-sun:04:00" } },
});
