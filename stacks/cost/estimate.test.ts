import { describe, expect, test } from "vitest";
import { REGISTRY } from "../../components/registry.ts";
import { CATALOG } from "../../components/catalog.ts";
import type { CostLine } from "../contract/cost.ts";
import type { PlanItem } from "../contract/plan.ts";
import type { Service } from "../contract/service.ts";
import { CONTAINER, testEnvironment, testService } from "../plan/testing.ts";
import { estimate } from "./estimate.ts";
import { costsOf } from "./items.ts";
import { sum } from "./money.ts";
import { AWS, TABLE, aws, planEstimated, use } from "./testing.ts";

function linesOf(services: readonly Service[], environment = aws()) {
  const cost = estimate(planEstimated(services, environment), environment, TABLE);
  const stack = (name: string) => cost.stacks.find((found) => found.name === name)!;
  const lines = (name: string, item: string): readonly CostLine[] =>
    stack(name).items.find(({ id }) => id === item)!.lines;
  return { cost, stack, lines };
}
const amounts = (lines: readonly CostLine[]) =>
  Object.fromEntries(lines.map(({ sku, usd, missing }) => [sku, usd ?? missing]));

describe("counted by hand", () => {
  test("a database of RDS in two zones, with its disk and its secret", () => {
    const { lines } = linesOf([
      testService("shop", { uses: { db: use("postgres", { ha: true, storage: "20Gi" }) } }),
    ]);
    // 730 h × 0.10; 20 GiB × 0.25; one secret.
    expect(amounts(lines("shop", "db"))).toEqual({
      "rds.postgres.db.t4g.small.multi-az": 73,
      "rds.storage.gp3.multi-az": 5,
      "secretsmanager.secret": 0.4,
    });
  });

  test("a cache of one node", () => {
    const { lines } = linesOf([testService("shop", { uses: { cache: use("redis") } })]);
    const [first] = lines("shop", "cache");
    expect(first).toMatchObject({ quantity: 730, unit: "hour" });
    expect(first!.usd).toBe(first!.sku.includes("valkey") ? 21.9 : 29.2);
  });

  test("a bucket by what it is assumed to hold and to answer, and the assumption is told", () => {
    const { lines, stack } = linesOf([
      testService("shop", { uses: { files: use("s3", { storage: "100Gi", size: "medium" }) } }),
    ]);
    // 100 GiB × 0.02; 10 million reads × 0.50; 1 million writes × 5.
    expect(amounts(lines("shop", "files"))).toEqual({
      "s3.standard.storage": 2,
      "s3.standard.get": 5,
      "s3.standard.put": 5,
    });
    expect(lines("shop", "files").map(({ assumed }) => assumed)).toEqual([
      "storage 100Gi",
      "size medium",
      "size medium",
    ]);
    expect(stack("shop").assumed).toBe(12);
  });

  test("a database in the cluster by its requests and its volume", () => {
    const { lines } = linesOf([
      testService("shop", {
        uses: { db: use("postgres", { size: "medium", storage: "10Gi" }, { class: "in-cluster" }) },
      }),
    ]);
    // 0.5 vCPU × 730 h × 0.02; 1 GiB × 730 h × 0.01; 10 GiB × 0.10, of EBS.
    expect(amounts(lines("shop", "db"))).toEqual({
      "cluster.vcpu": 7.3,
      "cluster.memory": 7.3,
      "cluster.storage": 1,
    });
  });

  test("an autoscaled workload by its least replicas, and that is an assumption", () => {
    const resources = { requests: { cpu: "250m", memory: "512Mi" }, limits: {} };
    const { lines } = linesOf([
      testService("shop", {
        scaling: { min: 3, max: 9 },
        containers: { main: { ...CONTAINER, resources } },
      }),
    ]);
    // 3 × 0.25 vCPU × 730 h × 0.02; 3 × 0.5 GiB × 730 h × 0.01.
    expect(amounts(lines("shop", "workload"))).toEqual({
      "cluster.vcpu": 10.95,
      "cluster.memory": 10.95,
    });
    expect(lines("shop", "workload")[0]!.assumed).toBe("3 of 3 to 9 replicas");
  });

  test("a job by the runs of its schedule, ten minutes each", () => {
    const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: {} };
    const { lines } = linesOf([
      testService("report", {
        type: "cron",
        schedule: "0 * * * *",
        containers: { main: { ...CONTAINER, resources } },
      }),
    ]);
    // 730 runs × 1/6 h × 0.02.
    expect(amounts(lines("report", "workload"))).toEqual({
      "cluster.vcpu": 2.433333,
      "cluster.memory": 1.216667,
    });
    expect(lines("report", "workload")[0]!.assumed).toBe("730 runs of 10 minutes");
  });
});

test("a resource that services share is counted once, in a stack of its own", () => {
  const shared = { db: use("postgres", { ha: true, storage: "20Gi" }, { id: "main" }) };
  const one = linesOf([testService("a", { uses: shared })]).cost;
  const two = linesOf([
    testService("a", { uses: shared }),
    testService("b", { uses: shared }),
  ]).cost;
  const name = "shared-postgres-default-main";
  expect(two.stacks.filter((stack) => stack.name === name)).toHaveLength(1);
  const [a, b] = [one, two].map((cost) => cost.stacks.find((stack) => stack.name === name)!.usd);
  expect(b).toBe(a);
  expect(two.stacks.find((stack) => stack.name === "b")!.items.map(({ id }) => id)).toEqual([
    "workload",
  ]);
});

describe("without a price", () => {
  test("it is named with the reason, in no sum, and never nothing", () => {
    const services = [testService("shop", { uses: { queue: use("amqp") } })];
    const { lines, cost, stack } = linesOf(services);
    expect(cost.missing).toEqual(expect.arrayContaining([...stack("shop").missing]));
    expect(stack("shop").missing).toEqual(["mq.rabbitmq.mq.m7g.medium", "mq.storage.ebs"]);
    for (const line of lines("shop", "queue")) {
      expect(line.usd).toBeUndefined();
      expect(line.missing).toBe(`the table of eu-central-1 has no price by the ${line.unit}`);
    }
    const shop = stack("shop");
    expect(shop.usd).toBe(sum(shop.items.map(({ usd }) => usd)));
  });

  test("an own price fills it in, and one for another unit does not", () => {
    const services = [testService("shop", { uses: { queue: use("amqp") } })];
    const own = (unit: string) =>
      aws({
        costs: { prices: { ...AWS.costs.prices, "mq.rabbitmq.mq.m7g.medium": { usd: 0.5, unit } } },
      });
    expect(linesOf(services, own("hour")).lines("shop", "queue")[0]).toMatchObject({
      usd: 365,
      price: { usd: 0.5, source: "environments/test.yaml" },
    });
    expect(linesOf(services, own("month")).lines("shop", "queue")[0]!.missing).toBe(
      "environments/test.yaml gives a price for a month, and it is counted in hour",
    );
  });

  test("of a region without a table nothing in the cloud has one", () => {
    const elsewhere = aws({ cloud: { ...AWS.cloud, region: "ap-south-2" } });
    const { lines } = linesOf([testService("shop", { uses: { db: use("postgres") } })], elsewhere);
    for (const line of lines("shop", "db"))
      expect(line.missing).toBe("there is no table of prices for ap-south-2");
  });

  test("an item that nobody knows is missing, not free", () => {
    const environment = aws();
    const item: PlanItem = {
      id: "odd",
      component: "odd-thing",
      args: {},
      origins: {},
      after: [],
      stateful: false,
    };
    const [plan] = planEstimated([testService("shop")], environment).filter(
      ({ kind }) => kind === "service",
    );
    const cost = estimate([{ ...plan!, items: [item] }], environment, TABLE);
    expect(cost.missing).toEqual(["unknown.odd-thing"]);
  });

  test("every component that the platform builds is known", () => {
    const ofDrivers = new Set(CATALOG.map(({ name, component = name }) => component));
    const server = { requests: { cpu: "1", memory: "1Gi" }, storage: "1Gi" };
    const args = { ...server, containers: [], initContainers: [], claims: [], ingressClasses: [] };
    const unknown = Object.keys(REGISTRY).filter((component) => {
      const item = { id: "x", component, args, origins: {}, after: [], stateful: false };
      const inCloud = CATALOG.some(
        (face) => face.cloud && (face.component ?? face.name) === component,
      );
      // What drivers of a cloud cost is in their answers (components/catalog.test.ts).
      return (
        !inCloud &&
        costsOf(ofDrivers.has(component) ? item : { ...item, args: { ...args, storage: 0 } }) ===
          undefined
      );
    });
    expect(unknown).toEqual([]);
  });
});

describe("where the cluster runs", () => {
  test("on somebody's own machine nothing is billed, and nothing is missing", () => {
    const { cost, lines } = linesOf([testService("shop")], testEnvironment());
    expect(cost).toMatchObject({ usd: 0, missing: [] });
    expect(cost.region).toBeUndefined();
    const [vcpu] = lines("shop", "workload");
    expect(vcpu).toMatchObject({ sku: "cluster.vcpu", unit: "hour" });
    expect(vcpu).not.toHaveProperty("usd");
    expect(vcpu).not.toHaveProperty("missing");
  });

  test("in a cluster of which nothing is known it is missing", () => {
    const environment = testEnvironment("test", { cluster: { context: "somewhere" } });
    const { cost, lines } = linesOf([testService("shop")], environment);
    expect(cost.missing).toEqual(["cluster.memory", "cluster.vcpu"]);
    expect(lines("shop", "workload")[0]!.missing).toBe(
      "test has no node price: write cluster.vcpu under spec.costs.prices of environments/test.yaml",
    );
  });

  test("nodes that the platform creates share their price among vCPUs and memory", () => {
    const environment = aws({ costs: {} });
    const { lines, cost } = linesOf([testService("shop")], environment);
    const [vcpu, memory] = lines("shop", "workload");
    // A node of 2 vCPUs and 8 GiB costs what its parts cost.
    expect(2 * vcpu!.price!.usd + 8 * memory!.price!.usd).toBeCloseTo(0.08, 12);
    expect(vcpu!.price!.usd / memory!.price!.usd).toBeCloseTo(9.107, 3);
    expect(vcpu!.price!.source).toBe("share of a m7g.large: a list");
    // Three nodes are paid with the platform; pods on them are not paid twice.
    const pods = sum([vcpu!.usd!, memory!.usd!]);
    expect(cost.nodes).toBe(-pods);
  });

  test("nodes of EKS Auto Mode cost an eighth more", () => {
    const priceIn = (mode: string) => {
      const cloud = { ...AWS.cloud, eks: { create: { mode } } };
      const { lines } = linesOf([testService("shop")], aws({ costs: {}, cloud }));
      return lines("shop", "workload")[0]!.price!;
    };
    expect(priceIn("auto").usd).toBeCloseTo(priceIn("managed").usd * 1.12, 12);
    expect(priceIn("auto").source).toBe("share of a m7g.large with EKS Auto Mode: a list");
  });

  test("adopted nodes have no price of ours", () => {
    const eks = { adopt: { mode: "auto", clusterSecurityGroup: "sg-1" } };
    const environment = aws({ costs: {}, cloud: { ...AWS.cloud, eks } });
    expect(linesOf([testService("shop")], environment).lines("shop", "workload")[0]!.missing).toBe(
      "the nodes of test are not of the platform's making: write cluster.vcpu under spec.costs.prices of environments/test.yaml",
    );
  });
});
