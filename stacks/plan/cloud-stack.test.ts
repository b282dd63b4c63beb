import { expect, test } from "vitest";
import { resolveCloud } from "./cloud-stack.ts";
import { IN_AWS, testEnvironment } from "./testing.ts";

const clusterOf = (create: object) =>
  resolveCloud(
    testEnvironment("prod", {
      ...IN_AWS,
      cloud: { ...IN_AWS.cloud, eks: { create } },
    }),
  )?.items.find(({ component }) => component === "aws-cluster")?.args;

test("a cluster keeps the version that the file names, until the file names another or says that AWS may", () => {
  expect(clusterOf({})).toMatchObject({ version: "1.35", support: "extended" });
  expect(clusterOf({ version: "1.36", support: "standard" })).toMatchObject({
    version: "1.36",
    support: "standard",
  });
});
