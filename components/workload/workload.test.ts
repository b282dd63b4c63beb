import { describe, expect, it } from "vitest";
import { recordProgram } from "../../stacks/record/record.ts";
import { SECRET } from "../../stacks/record/monitor.ts";
import { Job } from "./job.ts";

/** The examples are the documentation: each runs here as a program of its own. */
const examples = {
  "web-service": () => import("./examples/web-service.ts"),
  worker: () => import("./examples/worker.ts"),
  "scaled-worker": () => import("./examples/scaled-worker.ts"),
  stateful: () => import("./examples/stateful.ts"),
  job: () => import("./examples/job.ts"),
  "scheduled-job": () => import("./examples/scheduled-job.ts"),
};
const recorded = Object.fromEntries(
  Object.entries(examples).map(([name, body]) => [name, recordProgram("example.local", body)]),
) as Record<keyof typeof examples, ReturnType<typeof recordProgram>>;
const find = async (example: keyof typeof examples, kind: string) =>
  (await recorded[example]).find((view) => view.props["kind"] === kind)?.props;

describe.each(Object.keys(examples) as (keyof typeof examples)[])("example %s", (name) => {
  it("registers what it registered before", async () => {
    expect(await recorded[name]).toMatchSnapshot();
  });

  it("names every child after its component", async () => {
    const children = (await recorded[name]).filter((view) => view.name !== "orders-workload");
    for (const view of children.filter(({ parent }) => parent?.includes("fairway:")))
      expect(view.name).toMatch(/^orders-workload-/);
  });
});

describe("a web service", () => {
  it("leaves the number of replicas to its autoscaler", async () => {
    const deployment = await find("web-service", "Deployment");
    expect(deployment?.["spec"]).not.toHaveProperty("replicas");
    expect(await find("web-service", "HorizontalPodAutoscaler")).toMatchObject({
      spec: { minReplicas: 2, maxReplicas: 10, scaleTargetRef: { name: "orders" } },
    });
  });

  it("keeps secrets in a Secret, never in the open", async () => {
    expect(await find("web-service", "Secret")).toMatchObject({ data: SECRET });
  });

  it("stops politely: out of the Service first, without needing a shell", async () => {
    expect(await find("web-service", "Deployment")).toMatchObject({
      spec: {
        template: {
          spec: {
            terminationGracePeriodSeconds: 45,
            containers: [{ lifecycle: { preStop: { sleep: { seconds: 5 } } } }],
          },
        },
      },
    });
  });

  it("lets a transform of the caller have the last word", async () => {
    expect(await find("web-service", "Deployment")).toMatchObject({ spec: { minReadySeconds: 5 } });
  });
});

describe("a worker that is scaled by the clock", () => {
  it("leaves its replicas to KEDA, which makes the autoscaler itself", async () => {
    const deployment = await find("scaled-worker", "Deployment");
    expect(deployment?.["spec"]).not.toHaveProperty("replicas");
    expect(await find("scaled-worker", "HorizontalPodAutoscaler")).toBeUndefined();
    expect(await find("scaled-worker", "ScaledObject")).toMatchObject({
      apiVersion: "keda.sh/v1alpha1",
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "orders" },
        minReplicaCount: 2,
        maxReplicaCount: 12,
        triggers: [
          {
            type: "cron",
            metadata: {
              start: "0 8 * * 1-5",
              end: "0 18 * * 1-5",
              timezone: "Europe/Berlin",
              desiredReplicas: "10",
            },
          },
          { type: "cpu", metricType: "Utilization", metadata: { value: "70" } },
        ],
      },
    });
  });
});

describe("a stateful service", () => {
  it("puts nothing into claim templates that may ever change", async () => {
    expect(await find("stateful", "StatefulSet")).toMatchObject({
      spec: {
        volumeClaimTemplates: [
          {
            metadata: {
              labels: {
                "app.kubernetes.io/name": "orders",
                "app.kubernetes.io/component": "workload",
              },
            },
          },
        ],
      },
    });
  });
});

it("secrets that the cloud holds are found by name as well as by ARN", async () => {
  const arn = "arn:aws:secretsmanager:eu-central-1:333333333333:secret:rds!db-1-a1b2c3";
  const named = "fairway/prod/orders/stripe";
  const views = await recordProgram("example.local", () => {
    const objects = [
      { key: "db.password", secret: arn, property: "password" },
      { key: "stripe.value", secret: named, property: "value" },
    ];
    return Promise.resolve(
      new Job("orders-workload", {
        name: "orders",
        namespace: "orders",
        labels: {},
        selector: {},
        annotations: {},
        podAnnotations: {},
        account: "orders",
        priorityClass: "fairway-standard",
        terminationGrace: 45,
        initContainers: [],
        containers: [],
        volumes: [],
        claims: [],
        strategy: "rolling",
        cloudSecret: { name: "orders-cloud", region: "eu-central-1", objects },
        job: { retries: 3, deadline: 600 },
      }),
    );
  });
  const provided = views.find(({ props }) => props["kind"] === "SecretProviderClass");
  const { parameters } = provided!.props["spec"] as { parameters: { objects: string } };
  expect(JSON.parse(parameters.objects)).toEqual([
    {
      objectName: arn,
      objectType: "secretsmanager",
      jmesPath: [{ path: "password", objectAlias: "db.password" }],
    },
    {
      objectName: named,
      objectType: "secretsmanager",
      jmesPath: [{ path: "value", objectAlias: "stripe.value" }],
    },
  ]);
});
