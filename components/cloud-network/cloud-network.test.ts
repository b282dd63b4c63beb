import { expect, test } from "vitest";
import { recordProgram } from "../../stacks/record/record.ts";
import { CloudNetwork, type CloudNetworkArgs } from "./cloud-network.ts";

const ARGS: CloudNetworkArgs = {
  name: "orders-prod",
  namespace: "orders",
  labels: {},
  selector: { "app.kubernetes.io/name": "orders" },
  grain: "node",
  vpcId: "vpc-1",
  clusterSecurityGroup: "sg-cluster",
  edges: [
    { to: "database", securityGroup: "sg-database", port: 5432, protocol: "TCP" },
    { to: "cache", securityGroup: "sg-cache", port: 6379, protocol: "TCP" },
  ],
};

const register = (args: Partial<CloudNetworkArgs>) =>
  recordProgram("orders.prod", async () => new CloudNetwork("orders", { ...ARGS, ...args }));

test("the example registers what it registered before", async () => {
  expect(
    await recordProgram("example.prod", () => import("./examples/cloud-network.ts")),
  ).toMatchSnapshot();
});

test("a rule in the group of each server, for its port alone, lets in the pods' group or the nodes'", async () => {
  const rules = async (grain: "pod" | "node") =>
    (await register({ grain }))
      .filter(({ type }) => type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
      .map(({ props }) => [
        props["securityGroupId"],
        props["fromPort"],
        props["toPort"],
        props["referencedSecurityGroupId"] === "sg-cluster",
      ]);
  expect(await rules("pod")).toEqual([
    ["sg-cache", 6379, 6379, false],
    ["sg-database", 5432, 5432, false],
  ]);
  expect(await rules("node")).toEqual([
    ["sg-cache", 6379, 6379, true],
    ["sg-database", 5432, 5432, true],
  ]);
});

test("where nodes are let in, pods get no group of their own", async () => {
  const types = (await register({ grain: "node" })).map(({ type }) => type);
  expect(types.filter((type) => /SecurityGroupPolicy|SecurityGroup$|Egress/.test(type))).toEqual(
    [],
  );
});
