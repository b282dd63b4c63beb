import { expect, test } from "vitest";
import { resolveCloud } from "./cloud-stack.ts";
import { testEnvironment } from "./testing.ts";

const clusterOf = (create: object) =>
  resolveCloud(
    testEnvironment("prod", {
      cluster: { eks: "company-prod" },
      cloud: {
        provider: "aws",
        region: "eu-central-1",
        account: "333333333333",
        eks: { create },
      },
    }),
  )?.items.find(({ component }) => component === "aws-cluster")?.args;

test("a cluster keeps the version that the file names, until the file names another or says that AWS may", () => {
  expect(clusterOf({})).toMatchObject({ version: "1.35", support: "extended" });
  expect(clusterOf({ version: "1.36", support: "standard" })).toMatchObject({
    version: "1.36",
    support: "standard",
  });
});
