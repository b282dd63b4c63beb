import { expect, test } from "vitest";
import { recordProgram } from "../../stacks/record/record.ts";
import { UNKNOWN } from "../../stacks/record/monitor.ts";
import { plannedProgram, requestOf } from "../../tools/test/pod/objects.ts";
import { findDriver } from "../catalog.ts";
import type { Json } from "../../stacks/contract/value.ts";
import { databaseName } from "./rds.plan.ts";

const RDS = ["mysql-rds", "postgres-instance-rds", "postgres-rds"] as const;

const planOf = (driver: string, params: Readonly<Record<string, Json>> = {}) => {
  const face = findDriver(driver)!;
  return face.plan(requestOf(face, params));
};

test.each(RDS)("%s: the password stays in AWS, and pods may read it and nothing else", (driver) => {
  const { outputs, args, iam } = planOf(driver);
  expect(outputs["password"]).toEqual({
    $template: [{ ref: "store", output: "password", secret: true, held: "cloud" }],
  });
  expect(args).not.toHaveProperty("identity");
  expect(iam?.map(({ actions, resources }) => [actions, resources])).toEqual([
    [
      ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      [{ $template: [{ ref: "store", output: "secretArn", secret: false }] }],
    ],
    [
      ["kms:Decrypt"],
      [{ $template: [{ ref: "platform", output: "key-internal", secret: false }] }],
    ],
  ]);
});

test.each(RDS)(
  "%s: the password outlives the pods that read it when they started",
  async (driver) => {
    const views = await recordProgram("shop-api.test", plannedProgram(driver));
    const rotations = views.filter(({ type }) => type.endsWith(":SecretRotation"));
    expect(rotations.map(({ props }) => props)).toEqual([
      {
        secretId: UNKNOWN,
        rotateImmediately: false,
        rotationRules: { automaticallyAfterDays: 365 },
      },
    ]);
  },
);

test.each(RDS)("%s says why a raised rotation is refused", (driver) => {
  const { params } = findDriver(driver)!;
  expect(params.safeParse({ rotation: 1 }).success).toBe(true);
  expect(params.safeParse({ rotation: 2 }).error?.issues[0]?.message).toBe(
    "RDS makes this password and changes it once a year by itself: take `rotation` out",
  );
});

test("the disk grows by itself where a greater size is given", () => {
  const disk = (params: Readonly<Record<string, Json>>) => {
    const { args } = planOf("postgres-rds", params);
    return [args?.["storage"], args?.["maxStorage"]];
  };
  expect(disk({})).toEqual([20, undefined]);
  expect(disk({ storage: "100Gi", maxStorage: "50Gi" })).toEqual([100, undefined]);
  expect(disk({ storage: "100Gi", maxStorage: "200Gi" })).toEqual([100, 200]);
});

test("what a month costs is told by engine, class, zones and disk", () => {
  const params = { engine: "mariadb", size: "db.m7g.large", storage: "50Gi" };
  expect(planOf("mysql-rds", { ...params, ha: true }).costs).toEqual([
    { sku: "rds.mariadb.db.m7g.large.multi-az", quantity: 730, unit: "hour" },
    { sku: "rds.storage.gp3.multi-az", quantity: 50, unit: "GB-month" },
    { sku: "secretsmanager.secret", quantity: 1, unit: "month" },
  ]);
});

test("a database is called as in the cluster, but for words that RDS refuses", () => {
  const names = ["shop-api", "7th-heaven", "order", "user", "mysql", "orders"];
  expect(names.map(databaseName)).toEqual([
    "shop_api",
    "s_7th_heaven",
    "order_db",
    "user_db",
    "mysql_db",
    "orders",
  ]);
});

test("a server that makes its databases itself begins with none", () => {
  expect(planOf("postgres-instance-rds").args).not.toHaveProperty("database");
  expect(planOf("postgres-rds").args).toMatchObject({ database: "shop_api" });
});
