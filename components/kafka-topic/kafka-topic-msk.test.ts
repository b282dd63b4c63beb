import { expect, test } from "vitest";
import { requestOf } from "../../tools/test/pod/objects.ts";
import type { DriverRequest } from "../../stacks/contract/driver.ts";
import type { Json } from "../../stacks/contract/value.ts";
import { kafkaTopicMsk } from "./kafka-topic-msk.plan.ts";

const planOf = (
  params: Readonly<Record<string, Json>> = {},
  change: Partial<DriverRequest<unknown>> = {},
) => kafkaTopicMsk.plan({ ...requestOf(kafkaTopicMsk, params), ...change });

const CLUSTER = {
  arn: "arn:aws:kafka:eu-central-1:444444444444:cluster/events/1b5e-4",
  host: "b-1.events.kafka.eu-central-1.amazonaws.com",
  securityGroup: "sg-0123",
};

test("brokers of its own stand in every zone", () => {
  expect(planOf().args).toMatchObject({
    replicas: 3,
    create: { brokers: 3, storage: 100, nodeClass: "kafka.t3.small" },
  });
  expect(planOf().costs).toEqual([
    { sku: "msk.broker.kafka.t3.small", quantity: 2190, unit: "hour" },
    { sku: "msk.storage.standard", quantity: 300, unit: "GB-month" },
  ]);
});

test("a cluster that is there already gets the topic and nothing else", () => {
  const { args, outputs, costs } = planOf({ cluster: CLUSTER });
  expect(args).not.toHaveProperty("create");
  expect(args).toMatchObject({ adopt: CLUSTER, replicas: 3, topic: "shop-api-store" });
  expect(outputs["host"]).toBe(CLUSTER.host);
  expect(costs).toBeUndefined();
  const wrong = kafkaTopicMsk.params.safeParse({ cluster: { ...CLUSTER, arn: "events" } });
  expect(wrong.success).toBe(false);
});

test("pods may do with the topic what `access` says", () => {
  const actions = (access: string) =>
    planOf({ access }).iam?.flatMap((statement) => statement.actions) ?? [];
  expect(actions("read")).not.toContain("kafka-cluster:WriteData");
  expect(actions("read")).toContain("kafka-cluster:AlterGroup");
  expect(actions("write")).not.toContain("kafka-cluster:ReadData");
  expect(actions("write")).not.toContain("kafka-cluster:AlterGroup");
  expect(actions("read-write")).toEqual(
    expect.arrayContaining(["kafka-cluster:ReadData", "kafka-cluster:WriteData"]),
  );
});

test("only groups of consumers have a wildcard, with its reason", () => {
  for (const { resources, wildcard } of planOf().iam ?? [])
    expect(JSON.stringify(resources).includes("*")).toBe(wildcard !== undefined);
});
