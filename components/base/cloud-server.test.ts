import { expect, test } from "vitest";
import { requestOf } from "../../tools/test/pod/objects.ts";
import { findDriver } from "../catalog.ts";
import type { DriverRequest } from "../../stacks/contract/driver.ts";
import type { Json } from "../../stacks/contract/value.ts";
import { gibibytes, identifier, logRetention } from "./cloud-server.plan.ts";

const DRIVERS = [
  "amqp-mq",
  "mongodb-docdb",
  "mysql-rds",
  "postgres-instance-rds",
  "postgres-rds",
  "redis-elasticache",
] as const;

/** What a driver plans, of a request that is changed. */
function planOf(
  driver: string,
  params: Readonly<Record<string, Json>> = {},
  change: Partial<DriverRequest<unknown>> = {},
) {
  const face = findDriver(driver)!;
  return face.plan({ ...requestOf(face, params), ...change });
}

test.each(DRIVERS)("%s takes sizes from the environment's table, and exact classes", (driver) => {
  const classOf = (params: Readonly<Record<string, Json>>) =>
    planOf(driver, params).args?.["nodeClass"];
  const prefix = { "redis-elasticache": "cache", "amqp-mq": "mq" }[driver as string] ?? "db";
  const { cloud } = requestOf(findDriver(driver)!).environment;
  const sizes = cloud.provider === "aws" ? Object.values(cloud.sizes) : [];
  for (const size of ["small", "medium", "large"] as const)
    expect(sizes.map((table) => table[size])).toContain(classOf({ size }));
  expect(classOf({})).toBe(classOf({ size: "small" }));
  expect(classOf({ size: `${prefix}.x2g.16xlarge` })).toBe(`${prefix}.x2g.16xlarge`);
  const refused = findDriver(driver)!.params.safeParse({ size: "huge" });
  expect(refused.error?.issues[0]?.message).toContain(`a class such as ${prefix}.m7g.large`);
});

test.each(DRIVERS)("%s has a second node where the class or the params say so", (driver) => {
  const paid = (answer: ReturnType<typeof planOf>) => answer.costs?.[0];
  const one = planOf(driver);
  const two = planOf(driver, {}, { class: "ha" });
  expect([one.args?.["ha"], two.args?.["ha"]]).toEqual([false, true]);
  expect(paid(two)).not.toEqual(paid(one));
  expect(planOf(driver, { ha: true }).args).toEqual(two.args);
  expect(planOf(driver, { ha: false }, { class: "ha" }).args).toEqual(one.args);
});

test.each(DRIVERS.slice(1))("%s is protected where the environment's data is", (driver) => {
  const { environment } = requestOf(findDriver(driver)!);
  for (const stateful of ["protect", "disposable"] as const) {
    const { args } = planOf(driver, {}, { environment: { ...environment, stateful } });
    expect(args?.["protect"]).toBe(stateful === "protect");
  }
});

test.each(DRIVERS)("%s is encrypted with the key of its data class", (driver) => {
  const { args } = planOf(driver, {}, { dataClass: "restricted" });
  expect(args?.["key"]).toEqual({
    $template: [{ ref: "platform", output: "key-restricted", secret: false }],
  });
});

test.each(DRIVERS)("%s is reached on the port of its output, behind its group", (driver) => {
  const { outputs, serves, listens } = planOf(driver);
  expect(serves).toEqual([{ port: outputs["port"], protocol: "TCP" }]);
  expect(listens).toBeUndefined();
});

test("an environment without an account refuses a driver of AWS", () => {
  const { environment } = requestOf(findDriver("postgres-cluster")!);
  expect(() => planOf("postgres-rds", {}, { environment })).toThrow(/FW3030/);
});

test("identifiers begin with a letter, hold no two hyphens in a row, and differ where names differ", () => {
  const named = (name: string) => identifier(name, 40);
  expect(named("orders-store-prod")).toBe("orders-store-prod");
  const names = [
    "a-b-c",
    "a--b-c",
    "a-b--c",
    "1-a",
    "s-1-a",
    `${"x".repeat(30)}--${"y".repeat(30)}`,
  ];
  const made = names.map(named);
  for (const name of made) expect(name).toMatch(/^[a-z](-?[a-z0-9])*$/);
  for (const name of made) expect(name.length).toBeLessThanOrEqual(40);
  expect(new Set(made.slice(0, 4)).size).toBe(4);
});

test("logs are kept at least as long as the environment says", () => {
  expect([1, 2, 90, 91, 3653].map(logRetention)).toEqual([1, 3, 90, 120, 3653]);
});

test("a disk has whole GiB, and no less than the service begins with", () => {
  expect(gibibytes("1Gi", 20)).toBe(20);
  expect(gibibytes("30Gi", 20)).toBe(30);
  expect(gibibytes("50G", 20)).toBe(47);
});
